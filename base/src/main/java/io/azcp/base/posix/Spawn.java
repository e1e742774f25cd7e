package io.azcp.base.posix;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A child process that inherits this process's descriptors (posix_spawn(3)), which {@link
 * ProcessBuilder} closes. Its standard error is kept for us. Used by one thread.
 */
public final class Spawn implements AutoCloseable {
  /** {@code sizeof(posix_spawn_file_actions_t)} is 80 on glibc; some room is left. */
  private static final int FILE_ACTIONS_BYTES = 256;

  private static final int STDERR = 2;
  private static final int MESSAGE_BYTES = 4096;

  private final int pid;
  private int errors;

  private Spawn(int pid, int errors) {
    this.pid = pid;
    this.errors = errors;
  }

  /**
   * Starts a program found on the PATH.
   *
   * @param arguments its name first
   * @param environment {@code NAME=value}, all of it
   * @throws PosixException {@code ENOENT} when there is no such program
   */
  public static Spawn start(List<String> arguments, List<String> environment)
      throws PosixException {
    ByteBuffer pair = Libc.buffer(8);
    Libc.check(Libc.CALLS.pipe2(Libc.address(pair), Fd.O_CLOEXEC), "pipe", "stderr");
    ByteBuffer actions = Libc.buffer(FILE_ACTIONS_BYTES);
    ByteBuffer pid = Libc.buffer(8);
    StringArray argv = new StringArray(arguments);
    StringArray envp = new StringArray(environment);
    long at = Libc.address(actions);
    Libc.CALLS.posix_spawn_file_actions_init(at);
    Libc.CALLS.posix_spawn_file_actions_adddup2(at, pair.getInt(4), STDERR);
    int code;
    try {
      code =
          Libc.CALLS.posix_spawnp(
              Libc.address(pid),
              Libc.cstring(arguments.get(0)),
              at,
              0,
              argv.address(),
              envp.address());
      Libc.CALLS.posix_spawn_file_actions_destroy(at);
    } finally {
      Reference.reachabilityFence(argv);
      Reference.reachabilityFence(envp);
      Reference.reachabilityFence(actions);
    }
    Fd.close(pair.getInt(4));
    if (code != 0) {
      Fd.close(pair.getInt(0));
      throw new PosixException("start", arguments.get(0), code);
    }
    return new Spawn(pid.getInt(0), pair.getInt(0));
  }

  /** What the child says on its standard error until it closes it, at most 4 KiB. */
  public String errors() {
    ByteBuffer b = Libc.buffer(MESSAGE_BYTES);
    long base = Libc.address(b);
    int size = 0;
    while (size < MESSAGE_BYTES) {
      long n = Fd.readRaw(errors, base + size, MESSAGE_BYTES - size);
      if (n <= 0) {
        break;
      }
      size += (int) n;
    }
    byte[] text = new byte[size];
    b.get(0, text);
    return new String(text, StandardCharsets.UTF_8).strip();
  }

  /** Waits for its end; answers its exit status, or −1 when a signal ended it. */
  public int await() {
    ByteBuffer status = Libc.buffer(8);
    Libc.CALLS.waitpid(pid, Libc.address(status), 0);
    int s = status.getInt(0);
    return (s & 0x7f) == 0 ? (s >> 8) & 0xff : -1;
  }

  @Override
  public void close() {
    Fd.close(errors);
    errors = -1;
  }

  /** A {@code char *[]} ending with a null pointer. */
  private static final class StringArray {
    private final List<ByteBuffer> strings = new ArrayList<>();
    private final ByteBuffer array;

    StringArray(List<String> values) {
      array = Libc.buffer(8 * (values.size() + 1));
      for (String value : values) {
        byte[] bytes = Libc.cstring(value);
        ByteBuffer string = Libc.buffer(bytes.length).put(0, bytes);
        array.putLong(8 * strings.size(), Libc.address(string));
        strings.add(string);
      }
    }

    long address() {
      return Libc.address(array);
    }
  }
}
