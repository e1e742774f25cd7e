package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobProperties;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * What directories are to be given once nothing more is written into them, which would change their
 * times, and which their mode may forbid. Kept in a file without a name, so that memory does not
 * grow with their number; read backwards, so that children come before their parents. Thread-safe
 * until it is applied.
 */
final class LaterAttributes implements AutoCloseable {
  private static final int LENGTH_BYTES = 4;

  private final FileChannel file;
  private long end;

  LaterAttributes() throws IOException {
    Path path = Files.createTempFile("azcp-", ".directories");
    file =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
  }

  /** Notes a directory and the blob that stands for it. */
  synchronized void add(Path directory, BlobProperties blob) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeUTF(LocalPaths.show(directory.toAbsolutePath()));
    out.writeLong(blob.lastModified());
    out.writeInt(blob.metadata().size());
    for (Map.Entry<String, String> e : blob.metadata().entrySet()) {
      out.writeUTF(e.getKey());
      out.writeUTF(e.getValue());
    }
    out.writeInt(bytes.size());
    ByteBuffer record = ByteBuffer.wrap(bytes.toByteArray());
    while (record.hasRemaining()) {
      end += file.write(record, end);
    }
  }

  /** Applies everything; what fails is told and counted as that directory's failure. */
  synchronized void apply(PosixAttributes posix, Job job) throws IOException {
    while (end > 0) {
      int length = read(end - LENGTH_BYTES, LENGTH_BYTES).getInt();
      end -= LENGTH_BYTES + length;
      var in = new DataInputStream(new ByteArrayInputStream(read(end, length).array()));
      String directory = in.readUTF();
      long lastModified = in.readLong();
      Map<String, String> metadata = new HashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        metadata.put(in.readUTF(), in.readUTF());
      }
      var blob = new BlobProperties("", 0, lastModified, "", "", "", "", metadata);
      Path path = LocalPaths.resolve(Path.of("/"), directory);
      job.attempt(
          directory,
          () -> {
            try {
              posix.apply(path, blob);
            } catch (IOException e) {
              throw LocalFailure.of("cannot set the attributes of", path, e);
            }
          });
    }
  }

  private ByteBuffer read(long at, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, at + buffer.position()) < 0) {
        throw new EOFException("the list of directories ended early");
      }
    }
    return buffer.flip();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
