package io.azcp.config;

/** A key or variable that can be set: what the loader reads and what the reference page lists. */
sealed interface Option permits RuleKey, AccountKey, VariableName, ServiceVariable {
  /** How it is written. */
  String key();

  /** What its value may be, for messages and the documentation. */
  String allowed();

  /** What holds when it is not set; {@code required} where it must be. */
  String fallback();

  /** What it does, in one or two sentences. */
  String help();
}
