package io.azcp.transfer.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A file being downloaded: beside its target under a name that no walk shows, until it is whole.
 * Closing one that was not published removes it.
 */
final class TemporaryFile implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("\\.azcp-[0-9a-f]{16}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path path;
  private final FileChannel channel;
  private final Set<Path> live;
  private boolean published;

  private TemporaryFile(Path path, FileChannel channel, Set<Path> live) {
    this.path = path;
    this.channel = channel;
    this.live = live;
  }

  /** Whether a file's name is that of a temporary of ours. */
  static boolean isTemporary(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * Makes one in the target's directory, which is made where it is missing.
   *
   * @param live where it is noted while it lies there, so that a signal can remove it
   */
  static TemporaryFile beside(Path target, Set<Path> live) throws IOException {
    Path directory = target.toAbsolutePath().getParent();
    try {
      return create(directory, live);
    } catch (NoSuchFileException e) {
      Files.createDirectories(directory);
      return create(directory, live);
    }
  }

  private static TemporaryFile create(Path directory, Set<Path> live) throws IOException {
    byte[] random = new byte[8];
    while (true) {
      RANDOM.nextBytes(random);
      Path path = directory.resolve(".azcp-" + HexFormat.of().formatHex(random));
      live.add(path);
      try {
        FileChannel channel =
            FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new TemporaryFile(path, channel, live);
      } catch (FileAlreadyExistsException e) {
        live.remove(path);
      } catch (IOException e) {
        live.remove(path);
        throw e;
      }
    }
  }

  /** Where its bytes go. */
  FileChannel channel() {
    return channel;
  }

  /** Where it lies. */
  Path path() {
    return path;
  }

  /** Gives the whole file its time (milliseconds since the epoch) and its name, atomically. */
  void publish(Path target, long lastModified) throws IOException {
    channel.close();
    Files.setLastModifiedTime(path, FileTime.fromMillis(lastModified));
    Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    published = true;
    live.remove(path);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (!published) {
      Files.deleteIfExists(path);
      live.remove(path);
    }
  }
}
