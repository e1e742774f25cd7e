package io.azcp.cluster;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A file of the source.
 *
 * @param name relative to the source
 * @param size bytes
 * @param etag of the version listed; empty where only a list of the user's names it
 * @param modified milliseconds since the epoch; −1 where nobody said
 * @param column when it was modified as lists have it, byte for byte; empty for nothing
 * @param md5 Base64 of the whole content; empty where the service knows none
 * @param known whether the list of an earlier run has it with this size and time
 */
public record Entry(
    String name, long size, String etag, long modified, String column, String md5, boolean known) {

  /** As the attributes that go with name and size. */
  String[] attributes() {
    return new String[] {etag, Long.toString(modified), column, md5, known ? "1" : ""};
  }

  static Entry of(String name, long size, List<String> attributes) {
    return new Entry(
        name,
        size,
        attributes.get(0),
        Long.parseLong(attributes.get(1)),
        attributes.get(2),
        attributes.get(3),
        !attributes.get(4).isEmpty());
  }

  void write(DataOutputStream out) throws IOException {
    out.writeLong(size);
    out.writeLong(modified);
    out.writeBoolean(known);
    for (String text : List.of(name, etag, column, md5)) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }

  static Entry read(DataInputStream in) throws IOException {
    long size = in.readLong();
    long modified = in.readLong();
    boolean known = in.readBoolean();
    String[] texts = new String[4];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
    return new Entry(texts[0], size, texts[1], modified, texts[2], texts[3], known);
  }
}
