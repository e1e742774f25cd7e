package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.mpi.Communicator;
import io.azcp.mpi.CommunicatorException;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.CredentialHandover;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.limit.RequestLimits;
import java.io.IOException;

/**
 * The service as a rank reaches it: rank 0 finds the credential, the others get it from there, and
 * again when it has been renewed. Used by the rank's own thread.
 */
final class Access implements AutoCloseable {
  private static final byte[] NONE = {};

  private final Communicator world;
  private final Ballot ballot;
  private final ClusterStorage storage;
  private final ClusterConsole console;
  private final RequestLimits limits;
  private CredentialHandover credential;
  private OpenedService opened;

  Access(
      Communicator world,
      Ballot ballot,
      ClusterStorage storage,
      ClusterConsole console,
      RequestLimits limits) {
    this.world = world;
    this.ballot = ballot;
    this.storage = storage;
    this.console = console;
    this.limits = limits;
  }

  /** Whether every rank has the credential. */
  boolean isSettled() {
    return credential != null;
  }

  /** Brings the credential to all ranks. */
  void settle(Stage stage) throws CommunicatorException, Stopped {
    var found = new Found();
    ballot.together(stage, () -> found.find(world.rank() == 0 ? storage : null));
    byte[] bytes = broadcast(found.bytes);
    try {
      credential = found.credential == null ? CredentialHandover.received(bytes) : found.credential;
      opened = storage.open(credential, limits);
      if (world.rank() == 0) {
        opened.notes().forEach(console::note);
      }
      ballot.vote(0);
    } catch (IOException e) {
      ballot.vote(ballot.complain(stage, e));
    }
  }

  private byte[] broadcast(byte[] bytes) throws CommunicatorException {
    try {
      return world.broadcast(bytes, 0);
    } catch (CommunicatorException e) {
      throw e;
    } catch (AzcpException e) {
      throw new CommunicatorException(e.getMessage(), e);
    }
  }

  /** At rank 0: whether the others need another credential. */
  boolean isOutdated() {
    if (world.rank() != 0 || credential == null) {
      return false;
    }
    try {
      return credential.isOutdated();
    } catch (IOException e) {
      // The request that needs it tells what is wrong.
      return false;
    }
  }

  /** Hands the credential over again. Called by all ranks. */
  void renew() throws CommunicatorException {
    byte[] bytes = NONE;
    try {
      bytes = world.rank() == 0 ? credential.bytes() : NONE;
    } catch (IOException e) {
      // The old one is used on; the request that fails by it tells what is wrong.
      bytes = NONE;
    }
    byte[] given = broadcast(bytes);
    try {
      if (world.rank() != 0 && given.length > 0) {
        credential.renew(given);
      }
    } catch (IOException e) {
      ballot.complain("the credential of rank 0 cannot be read: " + e.getMessage());
    }
  }

  BlobService service() {
    return opened.service();
  }

  /** Requests repeated by this rank: after 503, after 429, after other answers, for no answer. */
  long[] retries() {
    return opened == null
        ? new long[4]
        : new long[] {
          opened.retries().busy(),
          opened.retries().throttled(),
          opened.retries().faulty(),
          opened.retries().transport()
        };
  }

  @Override
  public void close() {
    if (opened != null) {
      opened.close();
    }
  }

  /** What rank 0 has found. */
  private static final class Found {
    private CredentialHandover credential;
    private byte[] bytes = NONE;

    void find(ClusterStorage from) throws IOException {
      if (from != null) {
        credential = from.find();
        bytes = credential.bytes();
      }
    }
  }
}
