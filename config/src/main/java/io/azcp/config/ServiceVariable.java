package io.azcp.config;

/**
 * The environment variables of azcp's and AzCopy's users, of the Azure SDKs and of proxies, beside
 * azfuse's own in {@link VariableName}.
 */
enum ServiceVariable implements Option {
  ACCOUNT("AZURE_STORAGE_ACCOUNT", "a name", "", "The account that the key is of."),
  KEY("AZURE_STORAGE_KEY", "a Base64 text", "", "That account's key.", true),
  SAS("AZURE_STORAGE_SAS_TOKEN", "a text", "", "A shared access signature.", true),
  CONNECTION_STRING(
      "AZURE_STORAGE_CONNECTION_STRING",
      "a text",
      "",
      "Endpoint and credential of one account.",
      true),
  ENDPOINT(
      "AZURE_STORAGE_ENDPOINT",
      "a URL",
      "https://ACCOUNT.blob.core.windows.net",
      "What `az://` stands for, where no `--endpoint` is given."),
  LOGIN_TYPE(
      "AZCOPY_AUTO_LOGIN_TYPE",
      "AZCLI, MSI, WORKLOAD or SPN",
      "",
      "The one identity to ask as, before any key or SAS of the environment."),
  CLIENT_ID("AZURE_CLIENT_ID", "an id", "", "Which managed identity or application is meant."),
  RESOURCE_ID(
      "AZURE_MSI_RESOURCE_ID",
      "a resource id",
      "",
      "Which managed identity is meant, where no client id is given."),
  TENANT_ID("AZURE_TENANT_ID", "an id or domain", "", "The tenant of the identity."),
  FEDERATED_TOKEN_FILE(
      "AZURE_FEDERATED_TOKEN_FILE",
      "a path",
      "",
      "The token that Kubernetes gives a workload identity."),
  AUTHORITY_HOST(
      "AZURE_AUTHORITY_HOST",
      "an https URL",
      "the cloud's of the endpoint",
      "Who gives tokens to workload identities and service principals."),
  POD_IDENTITY(
      "AZURE_POD_IDENTITY_AUTHORITY_HOST",
      "a URL",
      "http://169.254.169.254",
      "Where the metadata service is."),
  IDENTITY_ENDPOINT("IDENTITY_ENDPOINT", "a URL", "", "Where App Service and its kin give tokens."),
  IDENTITY_HEADER("IDENTITY_HEADER", "a text", "", "What they want to be shown.", true),
  AZCOPY_MSI_CLIENT_ID(
      "AZCOPY_MSI_CLIENT_ID", "an id", "", "AzCopy's name for `AZURE_CLIENT_ID`; wins."),
  AZCOPY_MSI_RESOURCE(
      "AZCOPY_MSI_RESOURCE_STRING",
      "a resource id",
      "",
      "AzCopy's name for `AZURE_MSI_RESOURCE_ID`; wins."),
  AZCOPY_MSI_OBJECT_ID(
      "AZCOPY_MSI_OBJECT_ID", "an id", "", "Which managed identity is meant, by its object id."),
  SPA_ID("AZCOPY_SPA_APPLICATION_ID", "an id", "", "The application of a service principal."),
  SPA_SECRET("AZCOPY_SPA_CLIENT_SECRET", "a text", "", "Its secret.", true),
  SPA_TENANT("AZCOPY_TENANT_ID", "an id or domain", "", "Its tenant; else `AZURE_TENANT_ID`."),
  SPA_AUTHORITY(
      "AZCOPY_ACTIVE_DIRECTORY_ENDPOINT",
      "an https URL",
      "",
      "Who gives it tokens; else `AZURE_AUTHORITY_HOST`."),
  API_VERSION(
      "AZCOPY_DEFAULT_SERVICE_API_VERSION",
      "a date",
      "",
      "The x-ms-version of all requests, where the built-in one does not suit the service."),
  CA_FILE("SSL_CERT_FILE", "a path", "", "Whom to trust (PEM), where no `--ca-file` is given."),
  HTTPS_PROXY(
      "HTTPS_PROXY", "a URL", "", "The proxy of https; in lower case, too, which wins.", true),
  HTTP_PROXY("HTTP_PROXY", "a URL", "", "The proxy of http; in lower case, too, which wins.", true),
  NO_PROXY("NO_PROXY", "a list", "", "What is reached without; in lower case, too, which wins."),
  CONCURRENCY(
      "AZCOPY_CONCURRENCY_VALUE", "a number", "64", "`--concurrency`, where it is not given."),
  PARALLEL_FILES(
      "AZCP_PARALLEL_FILES", "a number", "16", "`--parallel-files`, where it is not given."),
  MAX_RETRIES("AZCP_MAX_RETRIES", "a number", "5", "`--max-retries`, where it is not given."),
  BUFFER("AZCOPY_BUFFER_GB", "a number", "", "`--memory` in GiB, where it is not given."),
  LOG_LOCATION(
      "AZCOPY_LOG_LOCATION", "a path", "", "AzCopy's folder of log files; azcp writes none."),
  JOB_LOCATION(
      "AZCOPY_JOB_PLAN_LOCATION", "a path", "", "AzCopy's folder of job plans; azcp keeps none."),
  NO_LOG("AZFUSE_AZCOPY_NO_LOG", "0 or 1", "0", "`--no-progress`; also with the prefix `QD_`."),
  TSV_USE_FUSE("TSV_USE_FUSE", "0 or 1", "0", "Another name of azfuse's switch; it stops nothing.");

  private final String key;
  private final String allowed;
  private final String fallback;
  private final String help;
  private final boolean secret;

  ServiceVariable(String key, String allowed, String fallback, String help) {
    this(key, allowed, fallback, help, false);
  }

  ServiceVariable(String key, String allowed, String fallback, String help, boolean secret) {
    this.key = key;
    this.allowed = allowed;
    this.fallback = fallback;
    this.help = help;
    this.secret = secret;
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

  /** Whether its value must never be shown. */
  boolean secret() {
    return secret;
  }
}
