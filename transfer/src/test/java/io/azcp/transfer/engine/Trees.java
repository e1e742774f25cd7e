package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.GetRange;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.PutOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Trees of files and of blobs, as maps from relative names to contents. */
final class Trees {
  private Trees() {}

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static void write(Path root, Map<String, byte[]> files) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = LocalPaths.resolve(root, file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }

  /** Every file there is, temporaries too. */
  static Map<String, byte[]> read(Path root) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    read(root, "", files);
    return files;
  }

  private static void read(Path directory, String prefix, Map<String, byte[]> files)
      throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        String name = prefix + LocalPaths.name(entry);
        if (Files.isDirectory(entry)) {
          read(entry, name + "/", files);
        } else {
          files.put(name, Files.readAllBytes(entry));
        }
      }
    }
  }

  static void put(BlobService service, String container, String name, byte[] content)
      throws IOException {
    service.put(container, name, BodySource.of(content), PutOptions.NONE);
  }

  static void marker(BlobService service, String container, String name) throws IOException {
    var folder =
        new PutOptions(
            "", "", Map.of("hdi_isfolder", "true"), io.azcp.transfer.blob.Conditions.NONE);
    service.put(container, name, BodySource.of(new byte[0]), folder);
  }

  static byte[] get(BlobService service, String container, String name) throws IOException {
    var out = new ByteArrayOutputStream();
    service.get(
        container,
        name,
        GetRange.ALL,
        (offset, data) -> {
          byte[] chunk = new byte[data.remaining()];
          data.get(chunk);
          out.writeBytes(chunk);
        });
    return out.toByteArray();
  }

  static Map<String, byte[]> blobs(BlobService service, String container) throws IOException {
    Map<String, byte[]> blobs = new TreeMap<>();
    BlobPages.each(
        service, container, ListQuery.flat(""), (name, p) -> blobs.put(name, new byte[0]));
    for (Map.Entry<String, byte[]> blob : blobs.entrySet()) {
      blob.setValue(get(service, container, blob.getKey()));
    }
    return blobs;
  }
}
