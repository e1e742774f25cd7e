package io.azcp.transfer.engine;

import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.PutOptions;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What the blobs of an upload carry besides their bytes: type, headers, tier, tags and metadata as
 * the options say, and the file's own attributes where they are kept. Thread-safe.
 */
final class UploadAttributes {
  private final TransferOptions options;

  UploadAttributes(TransferOptions options) {
    this.options = options;
  }

  /** Those of a file's blob. */
  PutOptions of(SourceFile file, String blob, Conditions conditions) throws IOException {
    PutOptions given = options.attributes();
    return new PutOptions(
        file.kind() == SourceFile.Kind.FILE ? type(blob) : ContentTypes.DEFAULT,
        "",
        metadata(file),
        given.headers(),
        conditions);
  }

  /** Those of a blob whose bytes come from nowhere that has attributes. */
  PutOptions ofStream(String blob, Conditions conditions) {
    PutOptions given = options.attributes();
    return new PutOptions(type(blob), "", given.metadata(), given.headers(), conditions);
  }

  private String type(String blob) {
    String given = options.attributes().contentType();
    if (!given.isEmpty()) {
      return given;
    }
    return options.guessType() ? ContentTypes.of(blob) : ContentTypes.DEFAULT;
  }

  private Map<String, String> metadata(SourceFile file) throws IOException {
    boolean link = file.kind() == SourceFile.Kind.LINK;
    boolean directory = file.kind() == SourceFile.Kind.DIRECTORY;
    Map<String, String> given = options.attributes().metadata();
    if (!options.preservePosix() && !link && !directory) {
      return given;
    }
    Map<String, String> metadata = new HashMap<>(given);
    metadata.putAll(
        options.preservePosix()
            ? PosixAttributes.read(file.path(), link, directory)
            : PosixAttributes.kind(link, directory));
    return metadata;
  }
}
