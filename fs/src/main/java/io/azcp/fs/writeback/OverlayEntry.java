package io.azcp.fs.writeback;

/**
 * What this mount knows of a name better than a listing of the service: a local operation on it is
 * pending, or was committed after the listing was requested.
 */
public sealed interface OverlayEntry {
  /** A file whose content is local: being written, or not yet committed. */
  record Local(LocalFile file) implements OverlayEntry {}

  /**
   * A file whose content is in the service, at {@link RemoteFile#blob()}: renamed, changed in its
   * attributes, or committed by us a moment ago.
   *
   * @param fileId the id of the local file it was committed from, so that its node stays the same;
   *     0 for none
   */
  record Remote(RemoteFile file, long fileId) implements OverlayEntry {}

  /** A directory made (or kept alive by a marker) here. */
  record Directory(PosixAttributes attributes) implements OverlayEntry {}

  /** The name was removed or renamed away. */
  record Removed() implements OverlayEntry {}
}
