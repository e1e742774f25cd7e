package io.azcp.transfer.blob;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The client against a storage account: {@code AZCP_TEST_ACCOUNT} with the credential of the usual
 * variables. {@code AZCP_TEST_CONTAINER} is what the names of the containers made here begin with;
 * all of them are removed at the end. Skipped where the variables are not set.
 */
@EnabledIfEnvironmentVariable(
    named = "AZCP_TEST_ACCOUNT",
    matches = ".+",
    disabledReason = "AZCP_TEST_ACCOUNT names no storage account to test with")
@EnabledIfEnvironmentVariable(
    named = "AZCP_TEST_CONTAINER",
    matches = ".+",
    disabledReason = "AZCP_TEST_CONTAINER names no prefix for containers to test in")
class AccountBlobServiceTest extends BlobServiceContract {
  private static final String ACCOUNT = System.getenv("AZCP_TEST_ACCOUNT");
  private static final String CONTAINER = System.getenv("AZCP_TEST_CONTAINER");

  private static OpenedService opened;
  private static final List<String> MADE = new ArrayList<>();

  @BeforeAll
  static void open() throws IOException {
    Map<String, String> environment = System.getenv();
    BlobUrl place = BlobServices.parse("az://" + ACCOUNT, null, environment);
    OpenedService account = BlobServices.open(place, environment, ClientOptions.DEFAULT);
    opened =
        new OpenedService(
            new Remembering(account.service()),
            account.retries(),
            account.credentialSource(),
            account.notes());
  }

  /** Remembers the containers it makes. */
  private static final class Remembering extends ForwardingBlobService {
    Remembering(BlobService service) {
      super(service);
    }

    @Override
    public void createContainer(String container) throws IOException {
      super.createContainer(container);
      MADE.add(container);
    }
  }

  @Override
  String containerPrefix() {
    return CONTAINER + "-azcp-";
  }

  @AfterEach
  void remove() throws IOException {
    for (String container : MADE) {
      try {
        opened.service().deleteContainer(container);
      } catch (ServiceException e) {
        if (!e.code().equals(ServiceErrors.CONTAINER_NOT_FOUND)
            && !e.code().equals("ContainerBeingDeleted")) {
          throw e;
        }
      }
    }
    MADE.clear();
  }

  @AfterAll
  static void close() {
    if (opened != null) {
      opened.close();
    }
  }

  @Override
  BlobService service() {
    return opened.service();
  }
}
