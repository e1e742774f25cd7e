package io.azcp.fs.fuse;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.azcp.base.posix.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder with a mounted {@link MemoryTree}; all of it is gone after {@link #close}. */
public final class MountFixture implements AutoCloseable {
  private final Path folder;
  private final Path mountPoint;
  private final MemoryTree tree;
  private Binding binding;

  /** How a binding mounts. */
  @FunctionalInterface
  public interface Mounting {
    Binding mount(MountOptions options, FileSystemPort port) throws IOException;
  }

  /** A folder, nothing mounted yet. */
  public MountFixture() throws IOException {
    assumeTrue(Identity.euid() == 0, "mounting in tests needs root");
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "there is no /dev/fuse here");
    folder = Files.createTempDirectory("azcp-mount");
    mountPoint = Files.createDirectory(folder.resolve("mnt"));
    tree = new MemoryTree(Files.createDirectory(folder.resolve("contents")));
  }

  /** Mounts the tree. */
  public MountFixture mount(Mounting how, MountOptions options) throws IOException {
    binding = how.mount(options, tree);
    return this;
  }

  /** Options for this mount point. */
  public MountOptions options() {
    return MountOptions.of("memory", mountPoint.toString());
  }

  public Path mountPoint() {
    return mountPoint;
  }

  /** A folder beside the mount. */
  public Path folder() {
    return folder;
  }

  public MemoryTree tree() {
    return tree;
  }

  public Binding binding() {
    return binding;
  }

  @Override
  public void close() throws IOException {
    try {
      if (binding != null) {
        binding.close();
      }
    } finally {
      while (MountTable.at(mountPoint.toString()).isPresent()) {
        MountPoint.unmount(mountPoint.toString(), true);
      }
      tree.close();
      deleteAll(folder);
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
