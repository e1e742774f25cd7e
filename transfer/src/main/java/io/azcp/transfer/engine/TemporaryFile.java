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
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A file being downloaded: beside its target under a name that no walk shows, until it is whole.
 * Closing one that was not published removes it. While it is open its process holds a lock on it,
 * which dies with the process; so one that is not locked was left by a run that was killed.
 *
 * <p>The lock is the JDK's, which the process shares (fcntl(2), {@code F_SETLK}), not one of the
 * open file: the kernel's answer is the same to other processes, and within this process {@link
 * #LIVE} answers. The system call for the other kind would load a library on every short copy.
 */
final class TemporaryFile implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("\\.azcp-[0-9a-f]{16}");
  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The names of those of this process; random, so a name says enough. */
  private static final Set<String> LIVE = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;
  private final boolean direct;
  private final Set<Path> live;
  private boolean published;

  private TemporaryFile(Path path, FileChannel channel, boolean direct, Set<Path> live) {
    this.path = path;
    this.channel = channel;
    this.direct = direct;
    this.live = live;
  }

  /** Whether a file's name is that of a temporary of ours. */
  static boolean isTemporary(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * A new name for one in a directory, which nobody removes until it is given up.
   *
   * @param live where it is noted, so that a signal can remove what has it
   */
  static Path reserve(Path directory, Set<Path> live) {
    byte[] random = new byte[8];
    RANDOM.nextBytes(random);
    Path path = directory.resolve(".azcp-" + HexFormat.of().formatHex(random));
    LIVE.add(path.getFileName().toString());
    live.add(path);
    return path;
  }

  /** Gives up a name; nothing has it any more. */
  static void giveUp(Path path, Set<Path> live) {
    live.remove(path);
    LIVE.remove(path.getFileName().toString());
  }

  /**
   * Makes one in a directory that is there.
   *
   * @param live where it is noted while it lies there, so that a signal can remove it
   */
  static TemporaryFile in(Path directory, Set<Path> live) throws IOException {
    return make(directory, live, false);
  }

  /**
   * Makes one whose bytes go around the page cache.
   *
   * @throws UnsupportedOperationException where the file system does not do that
   */
  static TemporaryFile direct(Path directory, Set<Path> live) throws IOException {
    return make(directory, live, true);
  }

  private static TemporaryFile make(Path directory, Set<Path> live, boolean direct)
      throws IOException {
    while (true) {
      Path path = reserve(directory, live);
      try {
        return new TemporaryFile(path, open(path, direct), direct, live);
      } catch (FileAlreadyExistsException e) {
        giveUp(path, live);
      } catch (IOException | RuntimeException e) {
        giveUp(path, live);
        throw e;
      }
    }
  }

  private static FileChannel open(Path path, boolean direct) throws IOException {
    FileChannel channel = direct ? openDirect(path) : FileChannel.open(path, NEW);
    lock(channel);
    return channel;
  }

  private static FileChannel openDirect(Path path) throws IOException {
    Set<OpenOption> options = new HashSet<>(NEW);
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

  /**
   * Removes a temporary that lies in a directory unless its owner lives.
   *
   * @return whether it was removed
   */
  static boolean removeIfAbandoned(Path path) throws IOException {
    if (LIVE.contains(path.getFileName().toString())) {
      return false;
    }
    if (Files.isSymbolicLink(path)) {
      return Files.deleteIfExists(path);
    }
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      return channel.tryLock() != null && Files.deleteIfExists(path);
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
    giveUp(path, live);
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
    if (!published) {
      Files.deleteIfExists(path);
      giveUp(path, live);
    }
  }
}
