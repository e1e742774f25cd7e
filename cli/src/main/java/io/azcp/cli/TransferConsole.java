package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Json;
import io.azcp.base.UsageException;
import io.azcp.transfer.engine.FileResult;
import io.azcp.transfer.engine.TransferEvents;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Prints what a job tells of single files, around a progress line where there is one; writes the
 * report; and asks the user. Called by one thread at a time, as {@link TransferEvents} says.
 */
final class TransferConsole implements TransferEvents, AutoCloseable {
  private final Invocation invocation;
  private final GlobalOptions global;
  private final PrintStream results;
  private final String plannedPrefix;
  private String deletionPrefix = "";
  private final ReportFile report;
  private BufferedReader answers;
  private Consumer<FileResult> listener = result -> {};
  private volatile ProgressLine progress;

  /**
   * A console; opens the report where one was asked for.
   *
   * @param results where results go
   * @param plannedPrefix what goes before a name that a dry run tells
   */
  TransferConsole(
      Invocation invocation, GlobalOptions global, PrintStream results, String plannedPrefix)
      throws IOException {
    this.invocation = invocation;
    this.global = global;
    this.results = results;
    this.plannedPrefix = plannedPrefix;
    this.report =
        global.report.get().isEmpty()
            ? null
            : ReportFile.open(invocation.directory().resolve(Path.of(global.report.get())));
  }

  /** From now on lines are printed above this one; null for none. */
  void above(ProgressLine line) {
    progress = line;
  }

  /** Somebody else who hears what became of each file. */
  void alsoTell(Consumer<FileResult> other) {
    listener = other;
  }

  @Override
  public void planned(String name) {
    if (global.json()) {
      object("planned", Map.of("name", name));
    } else {
      results.println(plannedPrefix + name);
    }
  }

  /** What goes before the name of a file that a dry run would delete. */
  void deletions(String prefix) {
    deletionPrefix = prefix;
  }

  @Override
  public void plannedDeletion(String name) {
    if (global.json()) {
      object("plannedDeletion", Map.of("name", name));
    } else {
      results.println(deletionPrefix + name);
    }
  }

  @Override
  public void ended(FileResult result) {
    listener.accept(result);
    if (report != null) {
      report.add(result);
    }
    if (global.json()) {
      object("file", ReportFile.line(result));
    }
  }

  private void object(String type, Map<String, Object> content) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("type", type);
    line.putAll(content);
    results.println(Json.write(line));
  }

  @Override
  public void failed(String sentence) {
    print(sentence);
  }

  @Override
  public void warned(String sentence) {
    print(sentence);
  }

  private void print(String sentence) {
    around(() -> global.outputType.get().complain(invocation.err(), sentence));
  }

  private void around(Runnable print) {
    ProgressLine line = progress;
    if (line == null) {
      print.run();
    } else {
      line.above(print);
    }
  }

  @Override
  public Answer ask(String name) throws IOException {
    if (!invocation.interactive()) {
      throw new UsageException(
          name
              + " exists at the destination, and --overwrite=prompt needs a terminal to ask at; say"
              + " true, false or ifSourceNewer");
    }
    while (true) {
      around(() -> question(name));
      switch (answer("whether " + name + " is replaced")) {
        case "y", "yes" -> {
          return Answer.YES;
        }
        case "n", "no" -> {
          return Answer.NO;
        }
        case "a", "always" -> {
          return Answer.ALWAYS;
        }
        case "v", "never" -> {
          return Answer.NEVER;
        }
        default -> around(() -> invocation.err().println("Please say y, n, a or v."));
      }
    }
  }

  /** The next line, in small letters. */
  private String answer(String question) throws IOException {
    if (answers == null) {
      answers = new BufferedReader(new InputStreamReader(invocation.in(), StandardCharsets.UTF_8));
    }
    String line = answers.readLine();
    if (line == null) {
      throw new UsageException("nobody answered " + question);
    }
    return line.strip().toLowerCase(Locale.ROOT);
  }

  private void question(String name) {
    invocation
        .err()
        .print(name + " exists at the destination. Replace it? [y]es, [n]o, [a]lways, ne[v]er: ");
    invocation.err().flush();
  }

  @Override
  public boolean mayDelete(long files, List<String> first) throws IOException {
    if (!invocation.interactive()) {
      throw new UsageException(
          files
              + " file(s) are only at the destination, and --delete-destination=prompt needs a"
              + " terminal to ask at; say true or false");
    }
    around(
        () -> {
          first.forEach(name -> invocation.err().println("  " + name));
          String more = files > first.size() ? " and others" : "";
          invocation.err().print("These" + more + " are only at the destination. Delete ");
          invocation.err().print(files + " file(s)? [y]es, [n]o: ");
          invocation.err().flush();
        });
    String answer = answer("whether files are deleted");
    return answer.equals("y") || answer.equals("yes");
  }

  /** Finishes the report. */
  @Override
  public void close() throws AzcpException {
    if (report != null) {
      report.close();
    }
  }
}
