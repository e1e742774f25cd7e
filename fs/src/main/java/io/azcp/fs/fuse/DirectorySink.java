package io.azcp.fs.fuse;

/** Takes the entries of a directory, in order, until it is full. Used on one thread at a time. */
public interface DirectorySink {
  /** Whether {@link #add} wants entries with attributes and counts them as lookups. */
  boolean plus();

  /**
   * Offers an entry.
   *
   * @param name UTF-8
   * @param cookie where the next readdir goes on after this entry
   * @param inode st_ino
   * @param mode type bits
   * @param entry the full entry when {@link #plus()} and the name is not {@code .} or {@code ..},
   *     else null; it counts as a lookup only when this method answers true
   * @return whether it found room; when false, the entry was not taken and the answer is complete
   */
  boolean add(byte[] name, long cookie, long inode, int mode, Entry entry);
}
