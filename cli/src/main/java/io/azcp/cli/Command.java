package io.azcp.cli;

import io.azcp.config.Environment;
import java.io.PrintStream;
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
    Azcp.complain(invocation, sentence);
  }

  /** Variables and working directory, for what resolves paths. */
  final Environment environment() {
    return new Environment(invocation.env(), invocation.directory().toString());
  }
}
