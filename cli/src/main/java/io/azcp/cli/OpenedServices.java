package io.azcp.cli;

import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.TransferOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The services that a transfer goes by.
 *
 * @param all in the order of its accounts: the destination's last
 */
record OpenedServices(List<OpenedService> all) implements AutoCloseable {
  /** Opens each account within the limits of a transfer. */
  static OpenedServices of(
      List<BlobUrl> accounts, Invocation invocation, GlobalOptions global, TransferOptions transfer)
      throws IOException {
    var opened = new OpenedServices(new ArrayList<>());
    try {
      for (BlobUrl account : accounts) {
        opened.all.add(Services.open(account, invocation, global, transfer));
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** The destination's, or the only one. */
  OpenedService last() {
    return all.get(all.size() - 1);
  }

  @Override
  public void close() {
    all.forEach(OpenedService::close);
  }
}
