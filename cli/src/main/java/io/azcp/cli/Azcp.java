package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.UsageException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program. */
public final class Azcp extends Command {
  private Azcp(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("azcp").description("Azure Blob Storage as a fast local disk.");
    spec.addMixin("global", global.arguments.command());
  }

  static {
    // No option is a date or a path: to look these types up costs a start 10 ms.
    System.setProperty("picocli.converters.excludes", "java[.](time|sql|nio)[.].*");
  }

  /** Runs the process. */
  public static void main(String[] args) {
    Invocation invocation = Invocation.ofProcess();
    int code = run(invocation, args);
    invocation.out().flush();
    invocation.err().flush();
    if (invocation.out().checkError() && code == ExitCode.DONE) {
      code = ExitCode.FAILED;
    }
    System.exit(code);
  }

  /**
   * Runs one command inside this process and answers its exit code. Never throws and never ends the
   * process.
   */
  public static int run(Invocation invocation, String... args) {
    var global = new GlobalOptions();
    String[] words = LeadingOptions.moved(args);
    CommandLine line = program(invocation, global, words);
    return line.execute(OptionalValues.settle(line.getCommandSpec(), words));
  }

  /** The program with the commands that the arguments may mean; without arguments, with all. */
  static CommandLine program(Invocation invocation, GlobalOptions global, String... args) {
    CommandLine line = new CommandLine(new Azcp(invocation, global).spec);
    for (Command command : new Commands(invocation, global).needed(args)) {
      line.addSubcommand(command.spec);
    }
    return configured(line, invocation, global);
  }

  /** Called without a command. */
  @Override
  public Integer call() {
    spec.commandLine().usage(invocation.err());
    return ExitCode.USAGE;
  }

  private static CommandLine configured(
      CommandLine line, Invocation invocation, GlobalOptions global) {
    var parts = new Parts(invocation, global);
    return line.setOut(writer(invocation.out()))
        .setErr(writer(invocation.err()))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setExecutionStrategy(parts)
        .setParameterExceptionHandler(parts)
        .setExecutionExceptionHandler(parts);
  }

  /**
   * What picocli calls. A class, no lambdas: those would keep picocli's own classes, of an old
   * format, out of the class-data archive.
   */
  private record Parts(Invocation invocation, GlobalOptions global)
      implements CommandLine.IExecutionStrategy,
          CommandLine.IParameterExceptionHandler,
          CommandLine.IExecutionExceptionHandler {
    @Override
    public int execute(CommandLine.ParseResult parsed) {
      global.logLevel.get().apply();
      checkMemory(invocation, global, parsed);
      return new CommandLine.RunLast().execute(parsed);
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
      return usage(invocation, global, e);
    }

    @Override
    public int handleExecutionException(
        Exception e, CommandLine command, CommandLine.ParseResult parsed) {
      return failure(invocation, global, e);
    }
  }

  private static void checkMemory(
      Invocation invocation, GlobalOptions global, CommandLine.ParseResult parsed) {
    try {
      global.checkMemory(invocation.env());
    } catch (UsageException e) {
      throw new ParameterException(parsed.commandSpec().commandLine(), e.getMessage(), e);
    }
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  private static int usage(Invocation invocation, GlobalOptions global, ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    global
        .outputType
        .get()
        .complain(invocation.err(), sentence(e) + " (see '" + command + " --help')");
    return ExitCode.USAGE;
  }

  /** Without a command the first word stands where one would. */
  private static String sentence(ParameterException e) {
    boolean unknown =
        e instanceof UnmatchedArgumentException
            && e.getCommandLine().getParent() == null
            && !e.getCommandLine().getUnmatchedArguments().isEmpty();
    if (!unknown) {
      return firstLine(e);
    }
    String word = e.getCommandLine().getUnmatchedArguments().get(0);
    return word.startsWith("-") ? firstLine(e) : "there is no command '" + word + "'";
  }

  private static int failure(Invocation invocation, GlobalOptions global, Exception e) {
    if (e instanceof InterruptedException) {
      global.outputType.get().complain(invocation.err(), "interrupted");
      return ExitCode.FAILED;
    }
    boolean understood = e instanceof AzcpException;
    global
        .outputType
        .get()
        .complain(invocation.err(), understood ? firstLine(e) : "unexpected: " + e);
    Log.LOG.debug("the command failed", e);
    return e instanceof UsageException ? ExitCode.USAGE : ExitCode.FAILED;
  }

  private static String firstLine(Exception e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.lines().findFirst().orElse(message);
  }

  /** Loaded after the log level is set. */
  private static final class Log {
    static final Logger LOG = LoggerFactory.getLogger(Azcp.class);
  }
}
