package io.azcp.cli;

/** Options that several commands have, or that stand under a heading of their own. */
abstract class Flags {
  final Arguments arguments;

  Flags(Arguments arguments) {
    this.arguments = arguments;
  }
}
