package io.azcp.base.posix;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads directories by getdents64(2): names as the kernel has them, in its order, a buffer at a
 * time, so memory does not grow with the directory. Thread-safe.
 */
public final class Directory {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int INODE = 0;
  private static final int RECORD_LENGTH = 16;
  private static final int TYPE = 18;
  private static final int NAME = 19;
  private static final int DT_UNKNOWN = 0;
  private static final int DT_DIR = 4;
  private static final int DT_REG = 8;
  private static final int DT_LNK = 10;

  private Directory() {}

  /** What an entry is, as far as the directory itself tells. */
  public enum Type {
    /** A regular file. */
    FILE,
    /** A directory. */
    DIRECTORY,
    /** A symbolic link. */
    SYMLINK,
    /** A device, pipe or socket. */
    OTHER
  }

  /** Takes one entry. */
  @FunctionalInterface
  public interface Visitor {
    /** An entry other than {@code .} and {@code ..}; false ends the reading. */
    boolean entry(String name, Type type, long inode) throws java.io.IOException;
  }

  /**
   * Visits the entries of a directory. Names that are not UTF-8 are left out: nothing this program
   * writes is called so.
   */
  public static void read(String path, Visitor visitor) throws java.io.IOException {
    int fd = Fd.open(path, Fd.O_RDONLY, 0);
    try {
      ByteBuffer b = Libc.buffer(BUFFER_BYTES);
      while (true) {
        long n = Libc.CALLS.getdents64(fd, Libc.address(b), b.capacity());
        Libc.check(n, "getdents64", path);
        if (n == 0 || !visit(path, b, (int) n, visitor)) {
          return;
        }
      }
    } finally {
      Fd.close(fd);
    }
  }

  private static boolean visit(String path, ByteBuffer b, int size, Visitor visitor)
      throws java.io.IOException {
    for (int at = 0; at < size; at += b.getShort(at + RECORD_LENGTH) & 0xffff) {
      String name = name(b, at + NAME, at + (b.getShort(at + RECORD_LENGTH) & 0xffff));
      if (name == null || name.equals(".") || name.equals("..")) {
        continue;
      }
      Type type = type(path, name, b.get(at + TYPE));
      if (type != null && !visitor.entry(name, type, b.getLong(at + INODE))) {
        return false;
      }
    }
    return true;
  }

  private static String name(ByteBuffer b, int from, int limit) {
    int end = from;
    while (end < limit && b.get(end) != 0) {
      end++;
    }
    try {
      CharBuffer text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(b.slice(from, end - from));
      return text.toString();
    } catch (CharacterCodingException notUtf8) {
      return null;
    }
  }

  /** The type of an entry; null when it vanished before a file system without types was asked. */
  private static Type type(String path, String name, int code) throws PosixException {
    if (code == DT_UNKNOWN) {
      String child = path + "/" + name;
      if (!Files.exists(child)) {
        return null;
      }
      Stat stat = Files.lstat(child);
      return stat.isRegular()
          ? Type.FILE
          : stat.isDirectory() ? Type.DIRECTORY : stat.isSymlink() ? Type.SYMLINK : Type.OTHER;
    }
    return switch (code) {
      case DT_REG -> Type.FILE;
      case DT_DIR -> Type.DIRECTORY;
      case DT_LNK -> Type.SYMLINK;
      default -> Type.OTHER;
    };
  }
}
