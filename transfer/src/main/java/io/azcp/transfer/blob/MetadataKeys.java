package io.azcp.transfer.blob;

/** Names of blob metadata that mean something to this program or to the tools it agrees with. */
public final class MetadataKeys {
  /** {@code true}: the blob stands for a directory (AzCopy, blobfuse2, the service itself). */
  public static final String IS_FOLDER = BlobProperties.IS_FOLDER;

  /** {@code true}: the content is the target of a symbolic link (AzCopy, blobfuse2). */
  public static final String IS_SYMLINK = "is_symlink";

  /** Decimal {@code st_mode} with the type bits (AzCopy); octal after a {@code 0} (AMLFS). */
  public static final String PERMISSIONS = "permissions";

  /** Decimal nanoseconds since the epoch (AzCopy), or a date with seconds and zone (AMLFS). */
  public static final String MODTIME = "modtime";

  /** Decimal user id of the owner (AzCopy). */
  public static final String OWNER = "posix_owner";

  /** Decimal group id (AzCopy). */
  public static final String GROUP = "posix_group";

  /** Decimal nanoseconds since the epoch of the last access (AzCopy). */
  public static final String ACCESS_TIME = "posix_atime";

  /** Decimal nanoseconds since the epoch of the last change of the attributes (AzCopy). */
  public static final String CHANGE_TIME = "posix_ctime";

  /** {@code true}: the blob stands for a FIFO (AzCopy). */
  public static final String IS_FIFO = "is_fifo";

  /** {@code true}: the blob stands for a socket (AzCopy). */
  public static final String IS_SOCKET = "is_socket";

  /** {@code true}: the blob stands for a block device (AzCopy). */
  public static final String IS_BLOCK_DEVICE = "is_block_dev";

  /** {@code true}: the blob stands for a character device (AzCopy). */
  public static final String IS_CHARACTER_DEVICE = "is_char_dev";

  /** Decimal device number of such a device (AzCopy). */
  public static final String DEVICE = "posix_rdev";

  /** What the keys of extended attributes start with. */
  public static final String EXTENDED = "azcp_x_";

  /** Our id of the operation that made this version, by which a repeated request knows itself. */
  public static final String OPERATION = "azcp_op";

  private MetadataKeys() {}
}
