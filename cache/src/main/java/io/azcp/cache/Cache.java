package io.azcp.cache;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One cache folder, the mirror of one container (or a prefix of it). Names are relative, parts
 * joined by {@code /}, as the mapped blobs are called below the prefix. Several processes may use
 * one folder at a time. No method waits for the network. Thread-safe.
 */
public interface Cache extends AutoCloseable {
  /** The folder, absolute. */
  String folder();

  /** Where the whole file of a name lies or would lie, absolute. */
  String path(String name);

  /**
   * Opens a file at a version for reading: the whole file where that version is published, else its
   * partial file, made where there is none. Room is made when bytes are fetched: a fault is
   * answered with {@code ENOSPC} when nothing can be evicted.
   */
  CachedFile open(String name, BlobVersion version) throws IOException;

  /**
   * Whether this version lies here whole. A file published from an older ETag of the same content
   * (length and MD5) counts and is marked anew.
   */
  boolean isWhole(String name, BlobVersion version) throws IOException;

  /** The version that lies here whole, whatever the service has; answers without the service. */
  Optional<BlobVersion> wholeVersion(String name) throws IOException;

  /** Whether anything whole lies below a directory, as far as its place tells. */
  boolean holdsBelow(String directory) throws IOException;

  /**
   * Drops what lies here whole of any other version than the one that the service has now; {@code
   * null} says that it has none. Descriptors open on it stay valid.
   *
   * @return whether anything was dropped
   */
  boolean dropOther(String name, BlobVersion now) throws IOException;

  /** Bytes of this version that are here, whole or partial. */
  long presentBytes(String name, BlobVersion version) throws IOException;

  /**
   * Takes a whole file out of the cache to be changed: its mark is removed, it is made writable and
   * the same inode is renamed to {@code stagingPath} (on the same file system). Where another
   * process has it open, the staging file becomes a copy (reflink first).
   */
  void takeOut(String name, BlobVersion version, String stagingPath) throws IOException;

  /**
   * Puts a finished file into the cache as the whole content of a version: marked, made read-only,
   * renamed to its place, replacing what was there. Descriptors open on it stay valid.
   */
  void publish(String stagingPath, String name, BlobVersion version) throws IOException;

  /**
   * Tells that content known as one name and version is now known as another (a rename or a change
   * of metadata in the service): whole and partial files follow, open ones too. What is not here is
   * fine.
   */
  void move(String name, BlobVersion version, String newName, BlobVersion newVersion)
      throws IOException;

  /**
   * Runs what renames or re-attributes a name's blob in the service and tells so with {@link
   * #move}. A fetch that finds the blob gone meanwhile waits for the end, and goes on where its
   * file has been led.
   */
  void changing(String name, Change change) throws IOException;

  /** A change of ours in the service, or in the folder. */
  @FunctionalInterface
  interface Change {
    /** Makes it. */
    void make() throws IOException;
  }

  /**
   * Drops what is cached of one name, pinned or not, unless it is open (its blob was deleted).
   *
   * @return the bytes freed
   */
  long evict(String name) throws IOException;

  /**
   * Drops what is cached, whole or partial, of a name and of all names below it; of everything for
   * the empty name. What any process has open stays, and what is pinned unless {@code pinnedToo}.
   *
   * @param listener is told of every file; what it throws ends the eviction
   */
  void evict(String name, boolean pinnedToo, EvictionListener listener) throws IOException;

  /** Why a cached file was not evicted. */
  enum Kept {
    /** A process has it open. */
    OPEN,
    /** Its name is pinned. */
    PINNED
  }

  /** Told what an eviction does, on the thread that asked for it. */
  interface EvictionListener {
    /** A file went. */
    void freed(String name, long bytes) throws IOException;

    /** A file stayed. */
    void kept(String name, Kept why) throws IOException;
  }

  /**
   * Keeps whatever is cached of a name, now and later and after a restart, from being evicted to
   * make room. It need not be cached. The pin follows a {@link #move}.
   */
  void pin(String name) throws IOException;

  /** Lets go of a name and of all names below it; answers how many were pinned. */
  long unpin(String name) throws IOException;

  /** Whether a name is pinned. */
  boolean pinned(String name);

  /**
   * When the whole file of a name was used last, in nanoseconds since the epoch, as far as its file
   * system notes reads; empty where it does not lie here whole.
   */
  OptionalLong lastUse(String name) throws IOException;

  /** Visits every whole file in no order (for offline listings and status). */
  void forEachWhole(WholeVisitor visitor) throws IOException;

  /** Takes one whole file. */
  @FunctionalInterface
  interface WholeVisitor {
    /** A whole file by its name. */
    void file(String name, BlobVersion version) throws IOException;
  }

  /** What lies in the folder. */
  Usage usage();

  /**
   * What whole and partial files may take at this moment: within the limit, less what waits to be
   * uploaded, and above the floor of free space on the disk.
   */
  long capacityBytes() throws IOException;

  /** Evicts what limit and disk want back, as far as anything can go. */
  void makeRoom() throws IOException;

  /** Whether the disk has less free space than is to be kept. */
  boolean tight() throws IOException;

  /**
   * What lies in a folder.
   *
   * @param wholeFiles whole files
   * @param wholeBytes what these take of the disk
   * @param partialFiles partial files
   * @param partialBytes what these take of the disk, their maps included
   * @param limitBytes the size limit, {@link Long#MAX_VALUE} for none
   */
  record Usage(
      long wholeFiles, long wholeBytes, long partialFiles, long partialBytes, long limitBytes) {}

  /**
   * Has something written that is no cached file and takes of the folder's limit all the same (a
   * journal, an index), after room was made for it.
   *
   * @param bytes what it will take of the disk
   * @return false, with nothing written, where no room could be made at once
   */
  boolean addState(long bytes, Change write) throws IOException;

  /** Where staging files and journals live: {@code <folder>/.azcp/dirty}. */
  String dirtyFolder();

  @Override
  void close();
}
