package io.azcp.cli;

import io.azcp.base.Json;
import io.azcp.config.Environment;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.Callable;

/** What all commands have: their surroundings and the global options. Answers the exit code. */
abstract class Command implements Callable<Integer> {
  final Invocation invocation;
  final GlobalOptions global;

  Command(Invocation invocation, GlobalOptions global) {
    this.invocation = invocation;
    this.global = global;
  }

  /** Where results go. */
  final PrintStream out() {
    return invocation.out();
  }

  /** Reports a failure or a warning in one sentence. */
  final void complain(String sentence) {
    global.outputType.complain(invocation.err(), sentence);
  }

  /** Prints one result for programs. */
  final void object(Map<String, ?> object) {
    out().println(Json.write(object));
  }

  /** Variables and working directory, for what resolves paths. */
  final Environment environment() {
    return new Environment(invocation.env(), invocation.directory().toString());
  }
}
