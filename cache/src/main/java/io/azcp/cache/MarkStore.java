package io.azcp.cache;

import io.azcp.base.posix.Stat;
import java.io.IOException;
import java.util.Optional;

/** Where marks are kept. Files are given by an open descriptor and their present attributes. */
interface MarkStore {
  /** The file's mark, whatever it says. */
  Optional<Mark> read(int fd, Stat stat) throws IOException;

  /** Sets or replaces it. */
  void write(int fd, Stat stat, Mark mark) throws IOException;

  /** Removes it; none is fine. */
  void remove(int fd, Stat stat) throws IOException;

  /** Removes what is kept elsewhere about a file that was deleted. */
  void forget(Stat stat) throws IOException;

  /** What a mark takes of the disk outside of its file. */
  long bytesBeside();

  /** Whether a mark outlives the rename of its file; else it is written again after one. */
  boolean survivesRename();

  /** Notes that the file is used at a time, nanoseconds since the epoch. */
  void touch(int fd, Stat stat, long nanos) throws IOException;

  /** When the file was used last, nanoseconds since the epoch. */
  long lastUse(int fd, Stat stat) throws IOException;
}
