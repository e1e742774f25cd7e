package io.azcp.transfer.engine;

import com.sun.nio.file.ExtendedOpenOption;
import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file being downloaded: beside its target under a name that no walk shows, until it is whole.
 * Closing one that was not published removes it. While bytes for it are on their way its process
 * holds a lock on it, which dies with the process; one whose content is at hand when it is made is
 * published sooner than a lock would be worth its price. So what is not locked and stays for longer
 * than a moment was left by a run that was killed ({@link Leftovers}).
 *
 * <p>The lock is the JDK's, which the process shares (fcntl(2), {@code F_SETLK}), not one of the
 * open file: the kernel's answer is the same to other processes, and within this process the names
 * answer. The system call for the other kind would load a library on every short copy.
 */
final class TemporaryFile implements AutoCloseable {
  private static final String PREFIX = ".azcp-";
  private static final int NAME_LENGTH = PREFIX.length() + 16;
  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  private static final Set<OpenOption> EITHER =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE,
          StandardOpenOption.READ,
          LinkOption.NOFOLLOW_LINKS);
  private static final Set<OpenOption> NEW_READABLE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ);

  /** Those of this process are numbered from a random number on, which so tells whose they are. */
  private static final long FIRST = ThreadLocalRandom.current().nextLong();

  private static final AtomicLong MADE = new AtomicLong();

  /** The names of those of this process that are named by what they hold. */
  private static final Set<String> NAMED = ConcurrentHashMap.newKeySet();

  private enum Kind {
    BRIEF,
    LOCKED,
    DIRECT
  }

  private final Path path;
  private final FileChannel channel;
  private final boolean direct;
  private final Set<Path> live;
  private boolean published;
  private boolean kept;

  private TemporaryFile(Path path, FileChannel channel, boolean direct, Set<Path> live) {
    this.path = path;
    this.channel = channel;
    this.direct = direct;
    this.live = live;
  }

  /** Whether a file's name is that of a temporary of ours. */
  static boolean isTemporary(String name) {
    if (name.length() != NAME_LENGTH || !name.startsWith(PREFIX)) {
      return false;
    }
    for (int i = PREFIX.length(); i < NAME_LENGTH; i++) {
      char c = name.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** Whether a temporary's name was made by this process, which ends what it began. */
  private static boolean isOurs(String name) {
    long number = HexFormat.fromHexDigitsToLong(name, PREFIX.length(), NAME_LENGTH) - FIRST;
    return (number >= 0 && number < MADE.get()) || NAMED.contains(name);
  }

  /**
   * A new name for one in a directory.
   *
   * @param live where it is noted until it is given up, so that a signal can remove what has it
   */
  static Path reserve(Path directory, Set<Path> live) {
    Path path = path(directory, FIRST + MADE.getAndIncrement());
    live.add(path);
    return path;
  }

  private static Path path(Path directory, long number) {
    return directory.resolve(PREFIX + HexFormat.of().toHexDigits(number));
  }

  /**
   * Makes one in a directory that is there, for content that is still to come.
   *
   * @param live where it is noted while it lies there, so that a signal can remove it
   */
  static TemporaryFile in(Path directory, Set<Path> live) throws IOException {
    return make(directory, live, Kind.LOCKED);
  }

  /** The same for content that is at hand: it will be published without waiting for anything. */
  static TemporaryFile brief(Path directory, Set<Path> live) throws IOException {
    return make(directory, live, Kind.BRIEF);
  }

  /**
   * Makes one whose bytes go around the page cache.
   *
   * @throws UnsupportedOperationException where the file system does not do that
   */
  static TemporaryFile direct(Path directory, Set<Path> live) throws IOException {
    return make(directory, live, Kind.DIRECT);
  }

  /**
   * The one of a number that says what it is to hold: what an earlier run left, or a new one, which
   * is empty. Nothing but the lock tells that it is not another's.
   *
   * @param direct whether its bytes go around the page cache
   * @return null where somebody else has it, or the file system keeps no locks
   * @throws UnsupportedOperationException where the file system does not go around the page cache
   */
  static TemporaryFile named(Path directory, long number, boolean direct) throws IOException {
    Path path = path(directory, number);
    String name = path.getFileName().toString();
    if (!NAMED.add(name)) {
      return null;
    }
    FileChannel owned = null;
    try {
      owned = owned(path, direct);
    } finally {
      if (owned == null) {
        NAMED.remove(name);
      }
    }
    return owned == null ? null : new TemporaryFile(path, owned, direct, new HashSet<>());
  }

  /** Opens and locks; null where that cannot be. */
  private static FileChannel owned(Path path, boolean direct) throws IOException {
    FileChannel channel = openEither(path, direct);
    boolean locked = false;
    try {
      locked = channel.tryLock() != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      // No lock is kept here, so nobody can tell whose it is.
      removeIfEmpty(path);
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    return locked ? channel : null;
  }

  private static FileChannel openEither(Path path, boolean direct) throws IOException {
    if (!direct) {
      return FileChannel.open(path, EITHER);
    }
    Set<OpenOption> options = new HashSet<>(EITHER);
    options.add(ExtendedOpenOption.DIRECT);
    try {
      return FileChannel.open(path, options);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      // Refused only after the file was made.
      removeIfEmpty(path);
      throw new UnsupportedOperationException("O_DIRECT", e);
    }
  }

  private static void removeIfEmpty(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) == 0) {
      Files.deleteIfExists(path);
    }
  }

  private static TemporaryFile make(Path directory, Set<Path> live, Kind kind) throws IOException {
    while (true) {
      Path path = reserve(directory, live);
      try {
        return new TemporaryFile(path, open(path, kind), kind == Kind.DIRECT, live);
      } catch (FileAlreadyExistsException e) {
        live.remove(path);
      } catch (IOException | RuntimeException e) {
        live.remove(path);
        throw e;
      }
    }
  }

  private static FileChannel open(Path path, Kind kind) throws IOException {
    if (kind == Kind.BRIEF) {
      return FileChannel.open(path, NEW);
    }
    FileChannel channel =
        kind == Kind.DIRECT ? openDirect(path) : FileChannel.open(path, NEW_READABLE);
    lock(channel);
    return channel;
  }

  private static FileChannel openDirect(Path path) throws IOException {
    Set<OpenOption> options = new HashSet<>(NEW_READABLE);
    options.add(ExtendedOpenOption.DIRECT);
    try {
      return FileChannel.open(path, options);
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      // Refused only after the file was made.
      Files.deleteIfExists(path);
      throw new UnsupportedOperationException("O_DIRECT", e);
    }
  }

  /** Where a file system keeps no locks there is none, and leftovers stay. */
  private static void lock(FileChannel channel) {
    try {
      channel.tryLock();
    } catch (IOException e) {
      return;
    }
  }

  /** Whether nobody writes one that lies in a directory, or is about to publish it just now. */
  static boolean isUnowned(Path path) throws IOException {
    if (isOurs(path.getFileName().toString())) {
      return false;
    }
    if (Files.isSymbolicLink(path)) {
      return true;
    }
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      return channel.tryLock() != null;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Where its bytes go. */
  FileChannel channel() {
    return channel;
  }

  /** Whether its bytes go around the page cache, in whole blocks. */
  boolean isDirect() {
    return direct;
  }

  /** Where it lies. */
  Path path() {
    return path;
  }

  /** Closing it leaves it where it is. */
  void keep() {
    kept = true;
  }

  /** Ends the writing; what a file system says only now is thrown. */
  void finish() throws IOException {
    channel.close();
  }

  /**
   * Gives the finished file its name, atomically.
   *
   * @param replace whether what has that name is replaced
   * @return whether it has it; false where something has it that is not replaced
   */
  boolean publish(Path target, boolean replace) throws IOException {
    if (!publish(path, target, replace)) {
      return false;
    }
    published = true;
    live.remove(path);
    return true;
  }

  /** The same for a temporary of another kind, as a symbolic link. */
  static boolean publish(Path path, Path target, boolean replace) throws IOException {
    try {
      if (!replace) {
        return renameIfFree(path, target);
      }
      Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (NoSuchFileException e) {
      throw new AzcpException(
          Errno.ESTALE,
          LocalPaths.show(target)
              + ": somebody removed its temporary file while it was downloaded; copy it again",
          e);
    }
  }

  private static boolean renameIfFree(Path path, Path target) throws IOException {
    try {
      // A second name for the file is refused where the name is taken, on every kernel.
      Files.createLink(target, path);
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (NoSuchFileException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      return renameWithoutLinks(path, target);
    }
    Files.deleteIfExists(path);
    return true;
  }

  /** On file systems without hard links. */
  private static boolean renameWithoutLinks(Path path, Path target) throws IOException {
    try {
      io.azcp.base.posix.Files.rename(
          LocalPaths.show(path),
          LocalPaths.show(target),
          io.azcp.base.posix.Files.RENAME_NOREPLACE);
      return true;
    } catch (AzcpException e) {
      if (e.errno() == Errno.EEXIST) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (!published && !kept) {
      Files.deleteIfExists(path);
    }
    live.remove(path);
    NAMED.remove(path.getFileName().toString());
  }
}
