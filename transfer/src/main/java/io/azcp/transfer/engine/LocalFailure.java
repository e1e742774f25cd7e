package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/**
 * What Java says of a failed file operation, as one sentence with an errno. Java gives the kernel's
 * error only as strerror(3)'s English text, in the "reason" of the exception or as its message.
 */
final class LocalFailure {
  private static final Errno[] BY_TEXT = {
    Errno.ENOSPC, Errno.EDQUOT, Errno.EROFS, Errno.EISDIR, Errno.ENOTDIR, Errno.ENAMETOOLONG,
    Errno.EFBIG, Errno.EMFILE, Errno.ELOOP, Errno.ENOTEMPTY, Errno.EPERM, Errno.ETXTBSY
  };

  private LocalFailure() {}

  /** The failure of what was tried, as {@code cannot read}, on a file. */
  static AzcpException of(String tried, Path file, IOException e) {
    if (e instanceof AzcpException known) {
      return known;
    }
    String name = LocalPaths.show(file);
    Errno errno = errno(e);
    String why = errno == Errno.EIO ? reason(e) : errno.text();
    return new AzcpException(errno, tried + " " + name + ": " + why + remedy(errno), e);
  }

  private static String remedy(Errno errno) {
    return switch (errno) {
      case ENOSPC, EDQUOT -> "; make room and run it again";
      case EISDIR -> "; a directory is at its place";
      case ENOTDIR -> "; a part of its path is a file";
      default -> "";
    };
  }

  private static Errno errno(IOException e) {
    if (e instanceof NoSuchFileException) {
      return Errno.ENOENT;
    }
    if (e instanceof AccessDeniedException) {
      return Errno.EACCES;
    }
    if (e instanceof FileAlreadyExistsException) {
      return Errno.EEXIST;
    }
    if (e instanceof NotDirectoryException) {
      return Errno.ENOTDIR;
    }
    String reason = reason(e).toLowerCase(java.util.Locale.ROOT);
    for (Errno known : BY_TEXT) {
      if (reason.contains(text(known))) {
        return known;
      }
    }
    return Errno.EIO;
  }

  private static String text(Errno errno) {
    return switch (errno) {
      case EDQUOT -> "quota exceeded";
      case EMFILE -> "too many open files";
      case ELOOP -> "too many levels of symbolic links";
      default -> errno.text();
    };
  }

  private static String reason(IOException e) {
    String text = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return text == null ? e.getClass().getSimpleName() : text;
  }
}
