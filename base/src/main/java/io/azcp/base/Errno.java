package io.azcp.base;

/**
 * The Linux error numbers this program uses, as of {@code asm-generic/errno-base.h} and {@code
 * asm-generic/errno.h}. They are the same on x86-64 and aarch64.
 */
public enum Errno {
  EPERM(1, "operation not permitted"),
  ENOENT(2, "no such file or directory"),
  EINTR(4, "interrupted"),
  EIO(5, "input/output error"),
  ENXIO(6, "no such address"),
  EBADF(9, "bad file descriptor"),
  EAGAIN(11, "try again"),
  ENOMEM(12, "out of memory"),
  EACCES(13, "permission denied"),
  EFAULT(14, "bad address"),
  EBUSY(16, "busy"),
  EEXIST(17, "file exists"),
  EXDEV(18, "cross-device link"),
  ENODEV(19, "no such device"),
  ENOTDIR(20, "not a directory"),
  EISDIR(21, "is a directory"),
  EINVAL(22, "invalid argument"),
  ENFILE(23, "too many open files in the system"),
  EMFILE(24, "too many open files"),
  ENOTTY(25, "inappropriate ioctl"),
  ETXTBSY(26, "text file busy"),
  EFBIG(27, "file too large"),
  ENOSPC(28, "no space left on device"),
  ESPIPE(29, "illegal seek"),
  EROFS(30, "read-only file system"),
  EMLINK(31, "too many links"),
  EPIPE(32, "broken pipe"),
  ERANGE(34, "result out of range"),
  ENAMETOOLONG(36, "file name too long"),
  ENOSYS(38, "function not implemented"),
  ENOTEMPTY(39, "directory not empty"),
  ELOOP(40, "too many levels of symbolic links"),
  ENODATA(61, "no data available"),
  EPROTO(71, "protocol error"),
  EILSEQ(84, "invalid byte sequence"),
  EOPNOTSUPP(95, "operation not supported"),
  ENOTCONN(107, "transport endpoint is not connected"),
  ETIMEDOUT(110, "timed out"),
  EHOSTDOWN(112, "host is down"),
  ESTALE(116, "stale file handle"),
  EDQUOT(122, "quota exceeded"),
  ECANCELED(125, "operation cancelled");

  private final int code;
  private final String text;

  Errno(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /** The positive number the kernel uses. */
  public int code() {
    return code;
  }

  /** A few lower-case words for a person. */
  public String text() {
    return text;
  }

  /** The constant of a positive error number; {@link #EIO} for one that is not listed here. */
  public static Errno of(int code) {
    for (Errno e : values()) {
      if (e.code == code) {
        return e;
      }
    }
    return EIO;
  }
}
