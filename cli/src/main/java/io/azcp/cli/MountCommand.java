package io.azcp.cli;

import io.azcp.base.Durations;
import io.azcp.base.UsageException;
import io.azcp.base.posix.WorkingDirectory;
import io.azcp.config.Consistency;
import io.azcp.fs.mount.DaemonLog;
import io.azcp.fs.mount.MountDaemon;
import io.azcp.fs.mount.MountRequest;
import io.azcp.fs.mount.MountRequest.BindingKind;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Mounts. The launcher starts it in a session of its own and lets go of it at the line {@value
 * #READY}; from there on it is the daemon.
 */
final class MountCommand extends Command {
  static final String READY = "azcp-ready";
  static final String DAEMON_VARIABLE = "AZCP_DAEMON";
  private static final long START_SECONDS = 30;

  final Value<String> directory = arguments.optionalParameter("DIR", "An empty directory.");

  final MappingOption mapping = new MappingOption(arguments);

  final Value<BindingKind> binding =
      arguments
          .value(BindingKind.class, "--binding")
          .label("kernel|jnr")
          .orElse(BindingKind.KERNEL)
          .says("How the kernel is spoken to: its own protocol (default), or libfuse 2.");

  final Value<Boolean> noPassthrough =
      arguments
          .flag("--no-passthrough")
          .says("Serve every read and write from the daemon, not by the kernel itself.");

  final Value<Boolean> foreground =
      arguments.flag("--foreground").says("Stay attached, log to stderr.");

  final Value<Boolean> readOnly = arguments.flag("--read-only").says("Refuse every change.");

  final Value<Boolean> allowOther = arguments.flag("--allow-other").says("Let other users in.");

  final Value<Integer> uid =
      arguments.value(Integer.class, "--uid").label("ID").says("Owner of everything.");

  final Value<Integer> gid =
      arguments.value(Integer.class, "--gid").label("ID").says("Group of everything.");

  final Value<Integer> umask =
      arguments
          .value(Integer.class, new Umask(), "--umask")
          .label("OCTAL")
          .says("Permission bits withheld (default 077, with --allow-other 022).");

  final Value<Duration> attrTtl =
      arguments
          .value(Duration.class, new Age(), "--attr-ttl")
          .label("DURATION")
          .says("How long attributes and listings are believed (default: as the rules say, 1m).");

  final Value<Consistency> consistency =
      arguments
          .value(Consistency.class, new When(), "--consistency")
          .label("ttl|cached|open")
          .says("When the service is asked again (default: as the rules say, ttl).");

  final Value<Duration> stopTimeout =
      arguments
          .value(Duration.class, new Age(), "--stop-timeout")
          .label("DURATION")
          .orElse(MountRequest.STOP_TIMEOUT)
          .says(
              "How long a signal waits for uploads before it leaves them in the journal (default 20s).");

  private final CompletableFuture<MountDaemon> started = new CompletableFuture<>();
  private volatile boolean ended;

  MountCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("mount")
        .description(
            "Mounts the rules of a configuration.",
            "With DIR, relative 'local' paths appear below it; without, each rule is mounted at its own.");
  }

  @Override
  public Integer call() throws Exception {
    var environment = environment();
    var request =
        new MountRequest(
            mapping.load(environment),
            environment,
            Optional.ofNullable(directory.get()),
            binding.get(),
            !noPassthrough.get(),
            readOnly.get(),
            allowOther.get(),
            uid.get(),
            gid.get(),
            umask.get(),
            Optional.ofNullable(attrTtl.get()),
            Optional.ofNullable(consistency.get()),
            stopTimeout.get());
    invocation.onSignal().accept(this::signalled);
    MountDaemon daemon;
    try {
      daemon = MountDaemon.start(request, new AccountServices(environment.variables(), global));
    } catch (IOException | RuntimeException e) {
      started.completeExceptionally(e);
      throw e;
    }
    started.complete(daemon);
    try (daemon) {
      announce(daemon);
      daemon.serveUntilEnd(this::complain);
    } finally {
      ended = true;
    }
    return ExitCode.DONE;
  }

  private void announce(MountDaemon daemon) throws IOException {
    daemon.places().forEach(place -> out().println("Mounted: " + place));
    daemon.notes().forEach(note -> out().println("  " + note));
    if (!foreground.get() && invocation.variable(DAEMON_VARIABLE).equals("1")) {
      String log = DaemonLog.file(environment(), daemon.firstMountPoint());
      out().println("  log: " + log);
      out().println(READY);
      out().flush();
      DaemonLog.takeOver(log);
      WorkingDirectory.change("/");
    } else {
      out().flush();
    }
  }

  /** On a signal: a clean unmount, and exit code 0. */
  private void signalled() {
    if (ended) {
      return;
    }
    try {
      started.get(START_SECONDS, TimeUnit.SECONDS).stop(this::complain);
      invocation.halt().accept(ExitCode.DONE);
    } catch (ExecutionException e) {
      // It never was mounted, which the command itself reports.
      return;
    } catch (IOException | TimeoutException e) {
      complain(String.valueOf(e.getMessage()));
      invocation.halt().accept(ExitCode.FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A duration with its unit. */
  static final class Age implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      try {
        return Durations.parse(value);
      } catch (UsageException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** One of three words. */
  static final class When implements ITypeConverter<Consistency> {
    @Override
    public Consistency convert(String value) {
      return Consistency.of(value)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'"
                          + value
                          + "' is not allowed; it is one of "
                          + String.join(", ", Consistency.words())));
    }
  }

  /** Octal digits. */
  static final class Umask implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      if (!value.matches("[0-7]{1,4}") || Integer.parseInt(value, 8) > 0777) {
        throw new TypeConversionException("'" + value + "' is no umask; it is octal, as 022");
      }
      return Integer.parseInt(value, 8);
    }
  }
}
