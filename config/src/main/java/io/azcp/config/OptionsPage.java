package io.azcp.config;

/** The reference page of the configuration, written from the tables the loader reads by. */
final class OptionsPage {
  private static final String INTRODUCTION =
      """
      # Configuration reference

      Written from the tables the program reads by; a test compares. For how to use it see
      [the guide](../guide/configuration.md).

      ## The configuration file

      A YAML list of rules. The first rule whose `local` covers a path, by whole components, has it;
      a path no rule covers is a plain local file. The file is the one that `--config` names, else
      the one the variable names, else `%s` below the working directory.

      %s
      Our own keys may be written with hyphens or underscores. YAML anchors and merge keys (`<<`)
      work. Anything else is an error that names the file, the line and what is allowed, and the
      command ends with exit code 2: an unknown or repeated key, a wrong value, the same `local`
      twice, a rule that an earlier one hides, overlapping `cache` folders for different blobs.

      ## The account files

      `NAME.yaml` for each `storage_account: NAME`. They hold secrets: keep them at mode 0600.

      %s
      ## The environment variables

      azfuse's. Each is also read with the prefix `QD_` in place of `AZFUSE_`, which wins. One set to
      the empty text counts as unset.

      %s
      Those of azcp, AzCopy and the Azure SDKs; `azcp env` prints all that are set. What the
      credentials among them mean together is told in [Credentials](credentials.md).

      %s""";

  private OptionsPage() {}

  /** The page as Markdown. */
  static String render() {
    return INTRODUCTION.formatted(
        MappingLoader.DEFAULT_FILE,
        table("key", RuleKey.values()),
        table("key", AccountKey.values()),
        table("variable", VariableName.values()),
        table("variable", ServiceVariable.values()));
  }

  private static String table(String head, Option[] options) {
    StringBuilder rows = new StringBuilder();
    rows.append("| ")
        .append(head)
        .append(" | value | default | what it does |\n|---|---|---|---|\n");
    for (Option option : options) {
      rows.append("| `").append(option.key()).append("` | ");
      rows.append(option.allowed()).append(" | ");
      rows.append(option.fallback()).append(" | ").append(option.help()).append(" |\n");
    }
    return rows.toString();
  }
}
