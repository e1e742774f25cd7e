package io.azcp.cli;

import io.azcp.config.StorageAccount;
import io.azcp.fs.mount.ServiceOpener;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BlobServices;
import io.azcp.transfer.blob.ClientOptions;
import io.azcp.transfer.blob.OpenedService;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** Opens the services of account files as the global options say. */
final class AccountServices implements ServiceOpener {
  /** One request that must be over before the eight seconds a mount waits for its probe. */
  private static final Duration PROBE_CONNECT = Duration.ofSeconds(3);

  private static final Duration PROBE_REQUEST = Duration.ofSeconds(6);

  private final Map<String, String> environment;
  private final GlobalOptions global;

  AccountServices(Map<String, String> environment, GlobalOptions global) {
    this.environment = environment;
    this.global = global;
  }

  @Override
  public BlobService open(StorageAccount account, Purpose purpose) throws IOException {
    return open(account, options(purpose)).service();
  }

  /**
   * Opens an account's service with what is known of it.
   *
   * @param bulk whether many bytes will move
   * @param notes hears what the user should know of the credential
   */
  OpenedService opened(StorageAccount account, boolean bulk, Consumer<String> notes)
      throws IOException {
    OpenedService opened = open(account, Services.options(environment, global).withBulk(bulk));
    opened.notes().forEach(notes);
    return opened;
  }

  private OpenedService open(StorageAccount account, ClientOptions options) throws IOException {
    return BlobServices.open(placed(account, global), environment, options);
  }

  /** The account where the command line says it is, unless its file says it. */
  static StorageAccount placed(StorageAccount account, GlobalOptions global) {
    return account.endpoint() == null && !global.endpoint.get().isEmpty()
        ? account.withEndpoint(global.endpoint.get())
        : account;
  }

  private ClientOptions options(Purpose purpose) throws IOException {
    ClientOptions options = Services.options(environment, global);
    return purpose == Purpose.PROBE
        ? options.withTimeouts(PROBE_CONNECT, PROBE_REQUEST, PROBE_REQUEST).withMaxRetries(0)
        : options.withBulk(true);
  }
}
