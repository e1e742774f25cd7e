package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobHeaders;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.PutOptions;
import java.util.Map;

/** What a copy is given: what is asked for, and where nothing is, what its source has. */
final class Overlay {
  private Overlay() {}

  /**
   * All a copy carries.
   *
   * @param asked what is asked for, with tier, tags and conditions as they are to be sent
   * @param source the source as Get Blob Properties tells it
   */
  static PutOptions of(PutOptions asked, BlobProperties source) {
    BlobHeaders wanted = asked.headers();
    BlobHeaders had = source.details().headers();
    return new PutOptions(
        or(asked.contentType(), source.contentType()),
        or(asked.contentMd5(), source.contentMd5()),
        asked.metadata().isEmpty() ? source.metadata() : asked.metadata(),
        new BlobHeaders(
            or(wanted.contentEncoding(), had.contentEncoding()),
            or(wanted.contentLanguage(), had.contentLanguage()),
            or(wanted.contentDisposition(), had.contentDisposition()),
            or(wanted.cacheControl(), had.cacheControl()),
            wanted.tier(),
            wanted.tags()),
        asked.conditions());
  }

  /** The content headers a finished copy still has to be given; null where it has them. */
  static PutOptions contentHeaders(PutOptions asked, BlobProperties made) {
    BlobHeaders wanted = asked.headers();
    boolean nothing =
        asked.contentType().isEmpty()
            && wanted.contentEncoding().isEmpty()
            && wanted.contentLanguage().isEmpty()
            && wanted.contentDisposition().isEmpty()
            && wanted.cacheControl().isEmpty();
    if (nothing) {
      return null;
    }
    PutOptions all = of(asked, made);
    return new PutOptions(
        all.contentType(),
        made.contentMd5(),
        Map.of(),
        all.headers(),
        Conditions.match(made.etag()));
  }

  private static String or(String asked, String had) {
    return asked.isEmpty() ? had : asked;
  }
}
