package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.transfer.blob.BlobHeaders;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.PutOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What new blobs are given besides their bytes. */
final class AttributeFlags {
  @Option(
      names = "--metadata",
      paramLabel = "KEY=VALUE[;…]",
      description = "Metadata of each new blob.")
  private String metadata = "";

  @Option(
      names = "--blob-tags",
      paramLabel = "KEY=VALUE[;…]",
      description = "Index tags of each new blob; & separates them too, as AzCopy has it.")
  private String tags = "";

  @Option(
      names = "--content-type",
      paramLabel = "TYPE",
      description = "Content type of each new blob (default: by the ending of its name).")
  private String contentType = "";

  @Option(names = "--content-encoding", paramLabel = "TEXT", description = "As gzip.")
  private String contentEncoding = "";

  @Option(names = "--content-language", paramLabel = "TEXT", description = "As en-GB.")
  private String contentLanguage = "";

  @Option(
      names = "--content-disposition",
      paramLabel = "TEXT",
      description = "As attachment; a browser then saves the blob rather than shows it.")
  private String contentDisposition = "";

  @Option(names = "--cache-control", paramLabel = "TEXT", description = "As max-age=3600.")
  private String cacheControl = "";

  @Option(
      names = "--block-blob-tier",
      paramLabel = "TIER",
      description = "Access tier of each new blob: Hot, Cool, Cold or Archive.")
  private String tier = "";

  @Option(
      names = "--no-guess-mime-type",
      description = "Do not tell the content type by the ending of the name.")
  private boolean noGuess;

  /** Whether the content type is told by the name. */
  boolean guessesType() {
    return !noGuess;
  }

  /** What is put with each blob. */
  PutOptions chosen() throws UsageException {
    var headers =
        new BlobHeaders(
            contentEncoding,
            contentLanguage,
            contentDisposition,
            cacheControl,
            tier,
            pairs("--blob-tags", tags, "[;&]"));
    return new PutOptions(
        contentType, "", pairs("--metadata", metadata, ";"), headers, Conditions.NONE);
  }

  /** Refuses what a direction has no use for. */
  void check(Direction direction) throws UsageException {
    if (direction == Direction.UPLOAD) {
      return;
    }
    direction.refuse(noGuess, "--no-guess-mime-type", "");
    direction.refuse(!contentType.isEmpty(), "--content-type", "");
    direction.refuse(!contentEncoding.isEmpty(), "--content-encoding", "");
    direction.refuse(!contentLanguage.isEmpty(), "--content-language", "");
    direction.refuse(!contentDisposition.isEmpty(), "--content-disposition", "");
    direction.refuse(!cacheControl.isEmpty(), "--cache-control", "");
    if (direction == Direction.DOWNLOAD) {
      direction.refuse(!metadata.isEmpty(), "--metadata", "");
      direction.refuse(!tags.isEmpty(), "--blob-tags", "");
      direction.refuse(!tier.isEmpty(), "--block-blob-tier", "");
    }
  }

  private static Map<String, String> pairs(String option, String text, String separator)
      throws UsageException {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : text.split(separator, -1)) {
      int equals = pair.indexOf('=');
      if (pair.isBlank()) {
        continue;
      }
      if (equals < 1) {
        throw new UsageException(option + ": '" + pair + "' is not KEY=VALUE");
      }
      String key = pair.substring(0, equals).strip();
      if (pairs.put(key, pair.substring(equals + 1).strip()) != null) {
        throw new UsageException(option + " has " + key + " twice");
      }
    }
    return pairs;
  }
}
