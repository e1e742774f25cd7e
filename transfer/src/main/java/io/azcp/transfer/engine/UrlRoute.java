package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.CopySource;
import java.io.IOException;

/** The destination's service reads the source itself. */
record UrlRoute(BlobService source, BlobService destination) implements AccountCopy.Route {
  /** Asked for anew each time, so that a token in it is a fresh one. */
  private CopySource of(AccountCopy.Copy copy) throws IOException {
    return source.copySource(copy.sourceContainer(), copy.from(), copy.version());
  }

  @Override
  public BlobProperties whole(AccountCopy.Copy copy) throws IOException {
    return destination.putFromUrl(copy.container(), copy.to(), of(copy), copy.options());
  }

  @Override
  public void block(AccountCopy.Copy copy, String id, long offset, long length) throws IOException {
    destination.putBlockFromUrl(copy.container(), copy.to(), id, of(copy), offset, length);
  }
}
