package io.azcp.config;

/** The keys of an account file: azfuse's five, then ours. */
enum AccountKey implements Option {
  ACCOUNT_NAME("account_name", "a text", "required", "The storage account."),
  CONTAINER_NAME(
      "container_name",
      "3 to 63 lower-case letters, digits and single hyphens",
      "required",
      "The container."),
  SAS_TOKEN(
      "sas_token",
      "a text, with or without a leading `?`, or null",
      "null",
      "A shared access signature. Wins over `account_key`."),
  ACCOUNT_KEY(
      "account_key", "a Base64 text, or null", "null", "The account's shared key. A secret."),
  USE_DEFAULT_AZURE_CRED(
      "use_default_azure_cred",
      "true or false",
      "false",
      "Leaves key and SAS of the file aside and uses the credentials of the machine, as a file with"
          + " neither does."),
  ENDPOINT(
      "endpoint",
      "a URL with http or https, a host, and where the service wants it a port and the account",
      "https://ACCOUNT.blob.core.windows.net",
      "The blob service, for another cloud, a private link, or Azurite:"
          + " `http://127.0.0.1:10000/devstoreaccount1`.");

  private final String key;
  private final String allowed;
  private final String fallback;
  private final String help;

  AccountKey(String key, String allowed, String fallback, String help) {
    this.key = key;
    this.allowed = allowed;
    this.fallback = fallback;
    this.help = help;
  }

  @Override
  public String key() {
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
