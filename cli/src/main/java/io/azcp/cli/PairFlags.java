package io.azcp.cli;

import io.azcp.base.UsageException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** AzCopy's options of the pair of places. */
final class PairFlags extends Flags {
  /** AzCopy's words; its file shares and other clouds are not ours. */
  private static final Map<String, Direction> PAIRS =
      Map.of(
          "localblob", Direction.UPLOAD,
          "pipeblob", Direction.UPLOAD,
          "localblobfs", Direction.UPLOAD,
          "bloblocal", Direction.DOWNLOAD,
          "blobpipe", Direction.DOWNLOAD,
          "blobnull", Direction.DOWNLOAD,
          "blobfslocal", Direction.DOWNLOAD,
          "blobblob", Direction.COPY);

  private final Value<String> fromTo =
      arguments
          .text("--from-to")
          .label("PAIR")
          .says("What is copied to what, as LocalBlob, BlobLocal or BlobBlob; only checked.");

  private final Value<String> sourceSas =
      arguments
          .text("--source-sas")
          .label("SAS")
          .says("Signature of the source, where its URL has none.");

  private final Value<String> destinationSas =
      arguments
          .text("--destination-sas")
          .label("SAS")
          .says("Signature of the destination, where its URL has none.");

  PairFlags(Arguments arguments) {
    super(arguments);
  }

  /** The source with its signature. */
  String source(String text) throws UsageException {
    return signed("--source-sas", text, sourceSas.get());
  }

  /** The destination with its signature. */
  String destination(String text) throws UsageException {
    return signed("--destination-sas", text, destinationSas.get());
  }

  private static String signed(String option, String text, String sas) throws UsageException {
    if (sas.isEmpty()) {
      return text;
    }
    if (!io.azcp.transfer.blob.BlobUrl.isUrl(text) || text.indexOf('?') >= 0) {
      throw new UsageException(option + " is for a URL that has no signature of its own");
    }
    return text + (sas.startsWith("?") ? sas : "?" + sas);
  }

  /** Refuses a word that says something else than the places do. */
  void check(Direction direction) throws UsageException {
    if (fromTo.get().isEmpty()) {
      return;
    }
    Direction said = PAIRS.get(fromTo.get().toLowerCase(Locale.ROOT));
    if (said == null) {
      throw new UsageException(
          "--from-to "
              + fromTo.get()
              + " is none of "
              + String.join(", ", words())
              + " (in any case)");
    }
    if (said != direction) {
      throw new UsageException(
          "--from-to " + fromTo.get() + " is said, but this is " + direction.described());
    }
  }

  private static List<String> words() {
    return List.of("LocalBlob", "BlobLocal", "BlobBlob", "PipeBlob", "BlobPipe", "BlobNull");
  }
}
