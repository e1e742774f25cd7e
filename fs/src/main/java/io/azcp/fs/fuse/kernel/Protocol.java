package io.azcp.fs.fuse.kernel;

/**
 * Numbers of the FUSE protocol, version 7, from linux/fuse.h and Documentation/filesystems/fuse of
 * the kernel. Structures are in native byte order. Offsets of request fields count from the end of
 * {@code struct fuse_in_header}, those of answers from the end of {@code struct fuse_out_header}.
 */
final class Protocol {
  static final int MAJOR = 7;

  /** The newest minor version whose structures this program knows. */
  static final int MINOR = 45;

  /** The oldest served: Linux 5.4, all structures have their present size. */
  static final int OLDEST_MINOR = 31;

  static final int IN_HEADER = 40;
  static final int OUT_HEADER = 16;

  // enum fuse_opcode
  static final int LOOKUP = 1;
  static final int FORGET = 2;
  static final int GETATTR = 3;
  static final int SETATTR = 4;
  static final int READLINK = 5;
  static final int SYMLINK = 6;
  static final int MKNOD = 8;
  static final int MKDIR = 9;
  static final int UNLINK = 10;
  static final int RMDIR = 11;
  static final int RENAME = 12;
  static final int LINK = 13;
  static final int OPEN = 14;
  static final int READ = 15;
  static final int WRITE = 16;
  static final int STATFS = 17;
  static final int RELEASE = 18;
  static final int FSYNC = 20;
  static final int SETXATTR = 21;
  static final int GETXATTR = 22;
  static final int LISTXATTR = 23;
  static final int REMOVEXATTR = 24;
  static final int FLUSH = 25;
  static final int INIT = 26;
  static final int OPENDIR = 27;
  static final int READDIR = 28;
  static final int RELEASEDIR = 29;
  static final int FSYNCDIR = 30;
  static final int CREATE = 35;
  static final int INTERRUPT = 36;
  static final int DESTROY = 38;
  static final int IOCTL = 39;
  static final int NOTIFY_REPLY = 41;
  static final int BATCH_FORGET = 42;
  static final int FALLOCATE = 43;
  static final int READDIRPLUS = 44;
  static final int RENAME2 = 45;
  static final int LSEEK = 46;

  // enum fuse_notify_code
  static final int NOTIFY_INVAL_INODE = 2;
  static final int NOTIFY_INVAL_ENTRY = 3;

  // INIT flags; bits 32 and up travel in flags2
  static final long ASYNC_READ = 1L;
  static final long ATOMIC_O_TRUNC = 1L << 3;
  static final long BIG_WRITES = 1L << 5;
  static final long AUTO_INVAL_DATA = 1L << 12;
  static final long DO_READDIRPLUS = 1L << 13;
  static final long READDIRPLUS_AUTO = 1L << 14;
  static final long ASYNC_DIO = 1L << 15;
  static final long PARALLEL_DIROPS = 1L << 18;
  static final long MAX_PAGES = 1L << 22;
  static final long CACHE_SYMLINKS = 1L << 23;
  static final long HANDLE_KILLPRIV_V2 = 1L << 28;
  static final long INIT_EXT = 1L << 30;
  static final long PASSTHROUGH = 1L << 37;

  // FATTR_*: what SETATTR changes
  static final int FATTR_MODE = 1;
  static final int FATTR_UID = 1 << 1;
  static final int FATTR_GID = 1 << 2;
  static final int FATTR_SIZE = 1 << 3;
  static final int FATTR_ATIME = 1 << 4;
  static final int FATTR_MTIME = 1 << 5;
  static final int FATTR_FH = 1 << 6;
  static final int FATTR_ATIME_NOW = 1 << 7;
  static final int FATTR_MTIME_NOW = 1 << 8;
  static final int FATTR_KILL_SUIDGID = 1 << 11;

  static final int GETATTR_FH = 1;
  static final int WRITE_KILL_SUIDGID = 1 << 2;
  static final int OPEN_KILL_SUIDGID = 1;
  static final int FSYNC_FDATASYNC = 1;

  // FOPEN_*: how an open file is served
  static final int FOPEN_KEEP_CACHE = 1 << 1;
  static final int FOPEN_NOFLUSH = 1 << 5;
  static final int FOPEN_PASSTHROUGH = 1 << 7;

  /** {@code _IOR(229, 0, uint32_t)}: makes a descriptor another one of the same connection. */
  static final long DEV_IOC_CLONE = 0x8004e500L;

  /** {@code _IOW(229, 1, struct fuse_backing_map)}: fd, flags, padding (16 bytes) → backing id. */
  static final long DEV_IOC_BACKING_OPEN = 0x4010e501L;

  /** {@code _IOW(229, 2, uint32_t)}: gives a backing id back. */
  static final long DEV_IOC_BACKING_CLOSE = 0x4004e502L;

  // sizes of structures
  static final int ATTR_BYTES = 88;
  static final int ENTRY_OUT_BYTES = 128;
  static final int ATTR_OUT_BYTES = 104;
  static final int OPEN_OUT_BYTES = 16;
  static final int INIT_OUT_BYTES = 64;
  static final int STATFS_OUT_BYTES = 80;
  static final int DIRENT_BYTES = 24;

  private Protocol() {}
}
