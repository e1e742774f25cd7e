package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BodySink;
import io.azcp.transfer.blob.ForwardingBlobService;
import io.azcp.transfer.blob.GetRange;
import java.io.IOException;

/** A service that breaks its word: an answer lacks its last byte, and nothing is said of it. */
final class ShortAnswers extends ForwardingBlobService {
  ShortAnswers(BlobService service) {
    super(service);
  }

  @Override
  public BlobProperties get(String container, String name, GetRange range, BodySink sink)
      throws IOException {
    long all = service().head(container, name).length();
    long length = range.length() < 0 ? all - range.offset() : range.length();
    GetRange shorter = GetRange.of(range.offset(), length - 1, range.ifMatch());
    return service().get(container, name, shorter, sink);
  }
}
