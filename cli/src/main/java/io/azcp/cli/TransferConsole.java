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
import java.util.Locale;
import java.util.Map;

/**
 * Prints what a job tells of single files, around a progress line where there is one; writes the
 * report; and asks the user. Called by one thread at a time, as {@link TransferEvents} says.
 */
final class TransferConsole implements TransferEvents, AutoCloseable {
  private final Invocation invocation;
  private final GlobalOptions global;
  private final PrintStream results;
  private final String plannedPrefix;
  private final ReportFile report;
  private BufferedReader answers;
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
        global.report.isEmpty()
            ? null
            : ReportFile.open(invocation.directory().resolve(Path.of(global.report)));
  }

  /** From now on lines are printed above this one; null for none. */
  void above(ProgressLine line) {
    progress = line;
  }

  @Override
  public void planned(String name) {
    if (global.json()) {
      object("planned", Map.of("name", name));
    } else {
      results.println(plannedPrefix + name);
    }
  }

  @Override
  public void ended(FileResult result) {
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
    around(() -> global.outputType.complain(invocation.err(), sentence));
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
    if (answers == null) {
      answers = new BufferedReader(new InputStreamReader(invocation.in(), StandardCharsets.UTF_8));
    }
    while (true) {
      around(() -> question(name));
      String line = answers.readLine();
      if (line == null) {
        throw new UsageException("nobody answered whether " + name + " is replaced");
      }
      switch (line.strip().toLowerCase(Locale.ROOT)) {
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

  private void question(String name) {
    invocation
        .err()
        .print(name + " exists at the destination. Replace it? [y]es, [n]o, [a]lways, ne[v]er: ");
    invocation.err().flush();
  }

  /** Finishes the report. */
  @Override
  public void close() throws AzcpException {
    if (report != null) {
      report.close();
    }
  }
}
