package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.FaultyBlobService.Request;
import io.azcp.transfer.blob.ForwardingBlobService;
import java.io.IOException;

/**
 * One process's connection to a service: when the process is killed nothing goes through any more.
 */
final class MortalService extends ForwardingBlobService {
  private final long clockAheadMillis;
  private volatile boolean dead;

  MortalService(BlobService service, long clockAheadMillis) {
    super(service);
    this.clockAheadMillis = clockAheadMillis;
  }

  void kill() {
    dead = true;
  }

  private void alive() throws IOException {
    if (dead) {
      throw new AzcpException(Errno.ECANCELED, "the process is dead");
    }
  }

  @Override
  protected <T> T through(Request request, Call<T> call) throws IOException {
    alive();
    T answer = call.run();
    alive();
    return answer;
  }

  @Override
  public long clockAheadMillis() {
    return clockAheadMillis;
  }

  /** The service itself outlives the process. */
  @Override
  public void close() {
    dead = true;
  }
}
