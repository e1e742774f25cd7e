package io.azcp.fs.fuse;

import io.azcp.fs.fuse.jnr.JnrBinding;
import io.azcp.fs.fuse.kernel.KernelBinding;
import java.nio.file.Path;

/** A process that mounts a {@link MemoryTree} until its standard input ends or it is killed. */
public final class MountDaemon {
  private MountDaemon() {}

  /** Arguments: {@code kernel} or {@code jnr}, the mount point, the folder for contents. */
  public static void main(String[] arguments) throws Exception {
    MountOptions options = MountOptions.of("memory", arguments[1]);
    MemoryTree tree = new MemoryTree(Path.of(arguments[2]));
    try (Binding binding =
        arguments[0].equals("kernel")
            ? KernelBinding.mount(options, tree)
            : JnrBinding.mount(options, tree)) {
      System.out.println("mounted: " + binding.describe());
      while (System.in.read() >= 0) {
        // Until the end of the input.
      }
    }
  }
}
