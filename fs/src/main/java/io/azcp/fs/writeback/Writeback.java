package io.azcp.fs.writeback;

import io.azcp.cache.CachedFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Everything changed through one rule's mount: the journal, the staging files, the overlay of names
 * and the queue of remote operations. Each change is in the journal (appended, not synced) and in
 * the overlay when its method returns; the service follows in the background, one operation a name
 * at a time in journal order. Names are relative to the rule. No method waits for the network.
 * Thread-safe; the tree serialises changes to one name.
 */
public interface Writeback extends AutoCloseable {
  // ---- the overlay

  /** What is known of the name itself; empty: ask the listing. */
  Optional<OverlayEntry> overlay(String name);

  /**
   * When what is known of the name became what the service has, as {@link System#nanoTime()}: an
   * answer asked for later knows better. Empty while anything is pending, or nothing is known.
   */
  OptionalLong settledSince(String name);

  /** Overlaid names directly below a directory ("" is the root), by their last part. */
  Map<String, OverlayEntry> overlayChildren(String directory);

  /** The directories that have overlaid names, those of earlier sessions included. */
  Set<String> overlayDirectories();

  /**
   * A listing of the directory that was requested at that {@link System#nanoTime()} has arrived:
   * committed entries older than the request are dropped, the listing tells them now.
   */
  void listingArrived(String directory, long requestedNanos);

  /**
   * Who wants to know of names that are changed here: told the directory of each before the change
   * is answered, under a lock. Replaces the one before.
   */
  void onChange(Consumer<String> listener);

  /**
   * Who wants to know that the service has done what was asked of it, so that it is there: told
   * under a lock after each operation. Replaces the one before.
   */
  void onDone(Runnable listener);

  // ---- changes

  /**
   * A new file, or an existing one opened with O_TRUNC: an empty staging file. It starts with one
   * writable open counted.
   *
   * @param replaced the blob it replaces as a whole, null for none known
   * @param exclusive O_EXCL: the upload must not replace anything
   */
  LocalFile create(String name, PosixAttributes attributes, RemoteFile replaced, boolean exclusive)
      throws IOException;

  /**
   * An existing file opened for change: its whole cached file becomes the staging file (same inode
   * where possible). It starts with one writable open counted. An open that changed nothing puts it
   * back.
   */
  LocalFile takeOut(String name, RemoteFile base, CachedFile whole) throws IOException;

  /** A symbolic link, uploaded like a file. */
  LocalFile symlink(String name, String target, PosixAttributes attributes) throws IOException;

  /** A directory with a marker blob. */
  void mkdir(String name, PosixAttributes attributes) throws IOException;

  /** Removes a directory proved empty; {@code hasMarker} says whether the service has a marker. */
  void rmdir(String name, boolean hasMarker) throws IOException;

  /**
   * Removes a file. {@code remote} is the blob known under it, null for none (a pending local
   * file's own base blob is known here).
   */
  void unlink(String name, RemoteFile remote) throws IOException;

  /**
   * Renames files, all or none, replacing what is at the new names; one for a file, all below for a
   * directory.
   */
  void rename(List<Rename> renames) throws IOException;

  /**
   * One rename.
   *
   * @param from visible name
   * @param to new visible name
   * @param directory whether it is a directory (marker, overlay entry) and not a file
   * @param source the blob known under {@code from}; null when it is a pending local file or a
   *     directory without a marker
   * @param target the blob known under {@code to}, which is replaced; null for none
   * @param attributes of a directory; null for a file
   */
  record Rename(
      String from,
      String to,
      boolean directory,
      RemoteFile source,
      RemoteFile target,
      PosixAttributes attributes) {}

  /** Changes the attributes of a file or directory that has no local content. */
  void setAttributes(String name, RemoteFile remote, PosixAttributes attributes) throws IOException;

  // ---- state

  /** What is pending. */
  Pending pending();

  /**
   * What is pending.
   *
   * @param files local files not yet committed, being written included
   * @param bytes their bytes
   * @param operations queued remote operations, uploads included
   * @param failed operations that the service refused for good
   * @param leased operations that wait for somebody to give up his lease on the blob
   * @param uploadedBytes bytes committed since the start
   * @param lastError the newest failure of an upload in one sentence, or empty
   * @param conflicts the newest versions that were kept beside somebody else's, oldest first
   */
  record Pending(
      long files,
      long bytes,
      long operations,
      long failed,
      long leased,
      long uploadedBytes,
      String lastError,
      List<Conflict> conflicts) {}

  /**
   * Two versions of one file: somebody else's has the name, ours was kept.
   *
   * @param name the name of both
   * @param keptAs where ours is
   * @param millis when that was found, milliseconds since the epoch
   */
  record Conflict(String name, String keptAs, long millis) {}

  /**
   * Changes of dead sessions for another place in the service than the one the rule leads to.
   *
   * @param folder where they wait
   * @param place what they are for
   */
  record Elsewhere(String folder, String place) {}

  /** What was found so at the start, and left alone. */
  List<Elsewhere> elsewhere();

  /** The conflicts at a name or below it that this method has not told of before. */
  List<Conflict> untoldConflicts(String prefix);

  /**
   * Sends everything that is closed at once, skipping the quiet time, and waits until it is
   * committed.
   *
   * @param prefix only names equal to it or below it; "" for all
   * @return whether nothing is left
   */
  default boolean flush(String prefix, long timeoutNanos) throws InterruptedException {
    return flush(prefix, false, timeoutNanos);
  }

  /**
   * The same.
   *
   * @param open whether files that are still being written are waited for
   */
  boolean flush(String prefix, boolean open, long timeoutNanos) throws InterruptedException;

  /** Has everything that is closed begin its upload at once; waits for nothing. */
  void hurry();

  /** Stops the uploads, leaves what is pending in the journal and releases the session. */
  @Override
  void close();
}
