package io.azcp.base.posix;

/**
 * What statx(2) tells about a file.
 *
 * @param inode inode number
 * @param mode file type and permission bits
 * @param links number of hard links
 * @param uid owner
 * @param gid group
 * @param size length in bytes
 * @param blocks allocated 512-byte blocks
 * @param atimeNanos last access, nanoseconds since the epoch
 * @param mtimeNanos last change of the content, nanoseconds since the epoch
 * @param ctimeNanos last change of the inode, nanoseconds since the epoch
 * @param device device number, major and minor packed as {@code major << 32 | minor}
 */
public record Stat(
    long inode,
    int mode,
    int links,
    int uid,
    int gid,
    long size,
    long blocks,
    long atimeNanos,
    long mtimeNanos,
    long ctimeNanos,
    long device) {

  /** The bits of a mode that tell the file's type. */
  public static final int TYPE_MASK = 0170000;

  /** Type bits of a directory. */
  public static final int DIRECTORY = 0040000;

  /** Type bits of a regular file. */
  public static final int REGULAR = 0100000;

  /** Type bits of a symbolic link. */
  public static final int SYMLINK = 0120000;

  /** Type bits of a FIFO. */
  public static final int FIFO = 0010000;

  /** Type bits of a socket. */
  public static final int SOCKET = 0140000;

  /** Type bits of a block device. */
  public static final int BLOCK_DEVICE = 0060000;

  /** Type bits of a character device. */
  public static final int CHARACTER_DEVICE = 0020000;

  /** Whether this is a directory. */
  public boolean isDirectory() {
    return (mode & TYPE_MASK) == DIRECTORY;
  }

  /** Whether this is a regular file. */
  public boolean isRegular() {
    return (mode & TYPE_MASK) == REGULAR;
  }

  /** Whether this is a symbolic link. */
  public boolean isSymlink() {
    return (mode & TYPE_MASK) == SYMLINK;
  }
}
