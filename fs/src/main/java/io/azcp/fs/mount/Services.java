package io.azcp.fs.mount;

import io.azcp.config.StorageAccount;
import io.azcp.transfer.blob.BlobService;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The services of the accounts in use, one for each account file. Used by one thread. */
final class Services implements AutoCloseable {
  private final ServiceOpener opener;
  private final Map<StorageAccount, BlobService> open = new LinkedHashMap<>();

  Services(ServiceOpener opener) {
    this.opener = opener;
  }

  BlobService of(StorageAccount account) throws IOException {
    BlobService service = open.get(account);
    if (service == null) {
      service = opener.open(account, ServiceOpener.Purpose.WORK);
      open.put(account, service);
    }
    return service;
  }

  @Override
  public void close() {
    open.values().forEach(BlobService::close);
    open.clear();
  }
}
