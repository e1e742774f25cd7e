package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.fuse.Reply;
import io.azcp.fs.writeback.PosixAttributes;
import io.azcp.fs.writeback.RemoteFile;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.MetadataKeys;
import io.azcp.transfer.blob.PutOptions;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes names in the service for O_EXCL under {@code excl: remote}: an empty blob, made only where
 * none is, which the file's upload replaces. Of any number of mounts one gets the name. Where the
 * daemon dies between the two the empty blob stays, as a lock file of a dead program does.
 * Thread-safe.
 */
final class RemoteClaims {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteClaims.class);

  /** The service has so long to answer. */
  private static final long DEADLINE_SECONDS = 10;

  private RemoteClaims() {}

  /** What to do with a name that is taken; a failure gives it back. */
  @FunctionalInterface
  interface Taken {
    void run(RemoteFile claim) throws IOException;
  }

  /** Takes a name, on a thread that may wait; {@code EEXIST} where somebody has it. */
  static void take(Slot slot, PosixAttributes attributes, Reply<?> reply, Taken taken) {
    var request = new CompletableFuture<RemoteFile>();
    var unused =
        request
            .orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
            .whenComplete((claim, failure) -> answer(slot, reply, taken, claim, failure));
    try {
      slot.volume().calls().execute(() -> claim(slot, attributes, request));
    } catch (java.util.concurrent.RejectedExecutionException e) {
      request.completeExceptionally(new AzcpException(Errno.ECANCELED, "the mount is ending", e));
    }
  }

  private static void claim(
      Slot slot, PosixAttributes attributes, CompletableFuture<RemoteFile> request) {
    try {
      RemoteFile claim = put(slot.volume(), slot.name(), attributes);
      if (!request.complete(claim)) {
        giveBack(slot.volume(), claim);
      }
    } catch (IOException | RuntimeException e) {
      request.completeExceptionally(e);
    }
  }

  private static void answer(
      Slot slot, Reply<?> reply, Taken taken, RemoteFile claim, Throwable failure) {
    if (failure != null) {
      Replies.guard(reply, () -> failed(slot, failure));
      return;
    }
    Replies.guard(
        reply,
        () -> {
          boolean done = false;
          try {
            taken.run(claim);
            done = true;
          } finally {
            if (!done) {
              giveBack(slot.volume(), claim);
            }
          }
        });
  }

  private static void failed(Slot slot, Throwable failure) throws IOException {
    if (failure instanceof TimeoutException) {
      throw new AzcpException(
          Errno.EIO,
          slot.name()
              + " was not created: excl: remote asks the service, which did not answer within "
              + DEADLINE_SECONDS
              + " s");
    }
    if (failure instanceof IOException e) {
      Errno errno = AzcpException.errnoOf(e);
      throw errno == Errno.EEXIST || errno == Errno.ESTALE ? slot.exists() : e;
    }
    throw new AzcpException(Errno.EIO, slot.name() + " was not created: " + failure, failure);
  }

  private static RemoteFile put(Volume volume, String name, PosixAttributes attributes)
      throws IOException {
    String id = UUID.randomUUID().toString().replace("-", "");
    Map<String, String> metadata = Map.of(MetadataKeys.OPERATION, id);
    String blob = volume.rule().blobName(name);
    BlobProperties made;
    try {
      made =
          volume
              .service()
              .put(
                  volume.container(),
                  blob,
                  BodySource.of(new byte[0]),
                  new PutOptions("", "", metadata, Conditions.ABSENT));
    } catch (IOException e) {
      made = ofLostAnswer(volume, blob, id, e);
    }
    var version =
        new io.azcp.cache.BlobVersion(made.etag(), 0, made.lastModified(), made.contentMd5());
    return new RemoteFile(name, version, attributes, Map.of(), "");
  }

  /** The blob that a request made whose answer did not arrive; else its failure. */
  private static BlobProperties ofLostAnswer(
      Volume volume, String blob, String id, IOException failure) throws IOException {
    Errno errno = AzcpException.errnoOf(failure);
    if (errno == Errno.EEXIST || errno == Errno.ESTALE) {
      BlobProperties there = volume.service().head(volume.container(), blob);
      if (there.metadataValue(MetadataKeys.OPERATION).equals(id)) {
        return there;
      }
    }
    throw failure;
  }

  private static void giveBack(Volume volume, RemoteFile claim) {
    try {
      volume
          .service()
          .delete(
              volume.container(),
              volume.rule().blobName(claim.blob()),
              Conditions.match(claim.version().etag()));
    } catch (IOException e) {
      LOG.warn("an empty {} stays in the service: {}", claim.blob(), e.getMessage());
    }
  }
}
