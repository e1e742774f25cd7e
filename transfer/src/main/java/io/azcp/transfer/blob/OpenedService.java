package io.azcp.transfer.blob;

import java.util.List;

/**
 * A service ready for use. Nothing was sent yet.
 *
 * @param service the service; whoever opened it closes it
 * @param retries counts the repeated calls of the service
 * @param credentialSource where the credential comes from, without secrets
 * @param notes sentences the user should see once, on stderr
 */
public record OpenedService(
    BlobService service, RetryCounters retries, String credentialSource, List<String> notes)
    implements AutoCloseable {
  /** Makes the list immutable. */
  public OpenedService {
    notes = List.copyOf(notes);
  }

  @Override
  public void close() {
    service.close();
  }
}
