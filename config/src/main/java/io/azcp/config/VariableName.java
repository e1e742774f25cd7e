package io.azcp.config;

/** azfuse's environment variables; each is also read with the prefix {@code QD_}, which wins. */
enum VariableName implements Option {
  CONFIG_FILE(
      "CLOUD_FUSE_CONFIG_FILE",
      "a path",
      MappingLoader.DEFAULT_FILE,
      "The configuration file, where no `--config` is given."),
  ACCOUNT_FOLDER(
      "STORAGE_ACCOUNT_CONFIG_FOLDER",
      "a path",
      AccountFiles.DEFAULT_FOLDER,
      "The folder of the account files. Where it is not set and the default has no such file, the"
          + " folders `../storage_account` and `.` beside the configuration file are looked at."),
  USE_FUSE(
      "USE_FUSE",
      "0 or 1",
      "0",
      "azfuse's own switch. It does not stop these commands; `azcp config check` says how it is"
          + " set."),
  GARBAGE_COLLECTION(
      "USE_FUSE_ENABLE_GARBAGE_COLLECTION",
      "0 or 1",
      "0",
      "With 1, cache folders without a `cache_limit` of their own are kept to the size that the next"
          + " variable gives."),
  GARBAGE_COLLECTION_MAX(
      "CLOUD_FUSE_GARBAGE_COLLECTION_MAX",
      "a number: below 1 a share of the disk, else bytes",
      "0.5",
      "What all such cache folders on one disk may take together; it is split evenly between them.");

  private final String key;
  private final String allowed;
  private final String fallback;
  private final String help;

  VariableName(String key, String allowed, String fallback, String help) {
    this.key = key;
    this.allowed = allowed;
    this.fallback = fallback;
    this.help = help;
  }

  /** Its name with azfuse's prefix. */
  @Override
  public String key() {
    return "AZFUSE_" + key;
  }

  /** Its name without a prefix. */
  String bare() {
    return key;
  }

  @Override
  public String allowed() {
    return allowed;
  }

  @Override
  public String fallback() {
    return fallback;
  }

  @Override
  public String help() {
    return help;
  }
}
