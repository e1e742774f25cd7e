package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.transfer.blob.BlobHeaders;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.PutOptions;
import java.util.LinkedHashMap;
import java.util.Map;

/** What new blobs are given besides their bytes. */
final class AttributeFlags extends Flags {
  private final Value<String> metadata =
      arguments.text("--metadata").label("KEY=VALUE[;…]").says("Metadata of each new blob.");

  private final Value<String> tags =
      arguments
          .text("--blob-tags")
          .label("KEY=VALUE[;…]")
          .says("Index tags of each new blob; & separates them too, as AzCopy has it.");

  private final Value<String> contentType =
      arguments
          .text("--content-type")
          .label("TYPE")
          .says("Content type of each new blob (default: by the ending of its name).");

  private final Value<String> contentEncoding =
      arguments.text("--content-encoding").label("TEXT").says("As gzip.");

  private final Value<String> contentLanguage =
      arguments.text("--content-language").label("TEXT").says("As en-GB.");

  private final Value<String> contentDisposition =
      arguments
          .text("--content-disposition")
          .label("TEXT")
          .says("As attachment; a browser then saves the blob rather than shows it.");

  private final Value<String> cacheControl =
      arguments.text("--cache-control").label("TEXT").says("As max-age=3600.");

  private final Value<String> tier =
      arguments
          .text("--block-blob-tier")
          .label("TIER")
          .says("Access tier of each new blob: Hot, Cool, Cold or Archive.");

  private final Value<Boolean> noGuess =
      arguments
          .flag("--no-guess-mime-type")
          .says("Do not tell the content type by the ending of the name.");

  AttributeFlags(Arguments arguments) {
    super(arguments);
  }

  /** Whether the content type is told by the name. */
  boolean guessesType() {
    return !noGuess.get();
  }

  /** What is put with each blob. */
  PutOptions chosen() throws UsageException {
    var headers =
        new BlobHeaders(
            contentEncoding.get(),
            contentLanguage.get(),
            contentDisposition.get(),
            cacheControl.get(),
            tier.get(),
            pairs("--blob-tags", tags.get(), "[;&]"));
    return new PutOptions(
        contentType.get(), "", pairs("--metadata", metadata.get(), ";"), headers, Conditions.NONE);
  }

  /** Refuses what a direction has no use for. */
  void check(Direction direction) throws UsageException {
    if (direction == Direction.UPLOAD) {
      return;
    }
    direction.refuse(noGuess.get(), "--no-guess-mime-type", "");
    direction.refuse(!contentType.get().isEmpty(), "--content-type", "");
    direction.refuse(!contentEncoding.get().isEmpty(), "--content-encoding", "");
    direction.refuse(!contentLanguage.get().isEmpty(), "--content-language", "");
    direction.refuse(!contentDisposition.get().isEmpty(), "--content-disposition", "");
    direction.refuse(!cacheControl.get().isEmpty(), "--cache-control", "");
    if (direction == Direction.DOWNLOAD) {
      direction.refuse(!metadata.get().isEmpty(), "--metadata", "");
      direction.refuse(!tags.get().isEmpty(), "--blob-tags", "");
      direction.refuse(!tier.get().isEmpty(), "--block-blob-tier", "");
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
