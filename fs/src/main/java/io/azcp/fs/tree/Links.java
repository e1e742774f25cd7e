package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Native;
import io.azcp.cache.CachedFile;
import io.azcp.fs.fuse.Reply;
import io.azcp.fs.writeback.RemoteFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads symbolic links: the target is the blob's content. Thread-safe. */
final class Links {
  /** PATH_MAX of linux/limits.h. */
  private static final int MAX_TARGET_BYTES = 4096;

  private final Locator locator;

  Links(Locator locator) {
    this.locator = locator;
  }

  void read(long id, Reply<byte[]> reply) throws IOException {
    Node node = locator.node(id);
    locator.refresh(node);
    if (node.found instanceof Found.Local l && l.file().symlinkTarget() != null) {
      reply.ok(Paths.bytes(l.file().symlinkTarget()));
    } else if (node.found instanceof Found.Remote r) {
      fetch(node.volume(), r.file(), reply);
    } else {
      throw new AzcpException(Errno.EINVAL, node.path() + " is not a symbolic link");
    }
  }

  private static void fetch(Volume volume, RemoteFile file, Reply<byte[]> reply)
      throws IOException {
    if (file.version().length() > MAX_TARGET_BYTES) {
      throw new AzcpException(
          Errno.EIO, file.blob() + " is marked as a symbolic link and is too long for one");
    }
    CachedFile cached = volume.cache().open(file.blob(), file.version());
    cached.ensure(
        0,
        file.version().length(),
        true,
        new CachedFile.FaultListener() {
          @Override
          public void ready() {
            Replies.guard(reply, () -> reply.ok(target(cached)));
          }

          @Override
          public void failed(AzcpException reason) {
            cached.close();
            reply.fail(Replies.errno(reason));
          }
        });
  }

  private static byte[] target(CachedFile cached) throws IOException {
    try (cached) {
      ByteBuffer text = Native.buffer((int) cached.version().length());
      int n;
      do {
        n = Fd.pread(cached.fd(), text, text.position());
      } while (n > 0 && text.hasRemaining());
      byte[] target = new byte[text.flip().remaining()];
      text.get(target);
      return target;
    }
  }
}
