package io.azcp.transfer.engine.sync;

import io.azcp.transfer.blob.BlobDetails;
import io.azcp.transfer.blob.BlobHeaders;
import io.azcp.transfer.blob.BlobProperties;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Entries as bytes, some 60 for a blob, of whose details only what a copy needs is kept: of a name
 * only what differs from the one before is written, numbers are seven bits a byte. Strings are in
 * Java's modified UTF-8, which holds any string. One object serves one file, in one direction.
 */
final class EntryCodec {
  private static final int MORE = 0x80;

  private String last = "";

  void write(Entry entry, DataOutput out) throws IOException {
    String name = entry.name();
    int shared = shared(last, name);
    number(out, shared);
    out.writeUTF(name.substring(shared));
    last = name;
    out.writeByte(code(entry.kind()));
    number(out, entry.length());
    number(out, zigzag(entry.modified()));
    out.writeBoolean(entry.blob() != null);
    if (entry.blob() != null) {
      write(entry.blob(), out);
    }
  }

  private static void write(BlobProperties blob, DataOutput out) throws IOException {
    number(out, zigzag(blob.lastModified()));
    out.writeUTF(blob.etag());
    out.writeUTF(blob.contentType());
    out.writeUTF(blob.contentMd5());
    out.writeUTF(blob.blobType());
    out.writeUTF(blob.tier());
    number(out, blob.metadata().size());
    for (Map.Entry<String, String> pair : blob.metadata().entrySet()) {
      out.writeUTF(pair.getKey());
      out.writeUTF(pair.getValue());
    }
    write(blob.details(), out);
  }

  private static void write(BlobDetails details, DataOutput out) throws IOException {
    BlobHeaders headers = details.headers();
    number(out, details.tagCount());
    out.writeUTF(headers.contentEncoding());
    out.writeUTF(headers.contentLanguage());
    out.writeUTF(headers.contentDisposition());
    out.writeUTF(headers.cacheControl());
    out.writeUTF(headers.tier());
  }

  Entry read(DataInput in) throws IOException {
    int shared = (int) number(in);
    String name = last.substring(0, shared) + in.readUTF();
    last = name;
    Entry.Kind kind = kind(in.readByte());
    long length = number(in);
    long modified = unzigzag(number(in));
    BlobProperties blob = in.readBoolean() ? blob(length, in) : null;
    return new Entry(name, kind, length, modified, blob);
  }

  private static BlobProperties blob(long length, DataInput in) throws IOException {
    long lastModified = unzigzag(number(in));
    String etag = in.readUTF();
    String contentType = in.readUTF();
    String contentMd5 = in.readUTF();
    String blobType = in.readUTF();
    String tier = in.readUTF();
    int pairs = (int) number(in);
    Map<String, String> metadata = pairs == 0 ? Map.of() : new HashMap<>();
    for (int i = 0; i < pairs; i++) {
      metadata.put(in.readUTF(), in.readUTF());
    }
    return new BlobProperties(
        etag, length, lastModified, contentType, contentMd5, blobType, tier, metadata, details(in));
  }

  private static BlobDetails details(DataInput in) throws IOException {
    int tagCount = (int) number(in);
    var headers =
        new BlobHeaders(
            in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), Map.of());
    return new BlobDetails(headers, -1, "", "", "", "", tagCount);
  }

  private static int code(Entry.Kind kind) {
    return switch (kind) {
      case FILE -> 'f';
      case DIRECTORY -> 'd';
      case OTHER -> 'o';
    };
  }

  private static Entry.Kind kind(byte code) throws IOException {
    for (Entry.Kind kind : Entry.Kind.values()) {
      if (code(kind) == code) {
        return kind;
      }
    }
    throw new IOException("a record begins with " + code);
  }

  private static int shared(String a, String b) {
    int limit = Math.min(a.length(), b.length());
    int i = 0;
    while (i < limit && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    return i;
  }

  private static void number(DataOutput out, long value) throws IOException {
    long rest = value;
    while ((rest & -MORE) != 0) {
      out.writeByte((int) rest | MORE);
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  private static long number(DataInput in) throws IOException {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.readByte();
      value |= (long) (b & (MORE - 1)) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  /** Small negative numbers stay small. */
  private static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  private static long unzigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }
}
