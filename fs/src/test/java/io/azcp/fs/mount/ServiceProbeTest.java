package io.azcp.fs.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.config.Consistency;
import io.azcp.config.MappingRule;
import io.azcp.config.StorageAccount;
import io.azcp.config.WritePolicy;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.FaultyBlobService.Fault;
import io.azcp.transfer.blob.FaultyBlobService.Operation;
import io.azcp.transfer.blob.MemoryBlobService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceProbeTest {
  private static final StorageAccount ACCOUNT =
      new StorageAccount("dev", "dev.yaml", "acc", null, null, "c", null, false);

  private final FaultyBlobService service = new FaultyBlobService(new MemoryBlobService());

  private static MappingRule rule(String local) {
    return new MappingRule(
        local,
        "",
        "/cache",
        ACCOUNT,
        false,
        false,
        false,
        false,
        Duration.ZERO,
        Duration.ZERO,
        Consistency.TTL,
        WritePolicy.DEFAULT,
        Long.MAX_VALUE,
        "c.yaml:1");
  }

  private Map<StorageAccount, AzcpException> ask() throws AzcpException {
    return new ServiceProbe((account, purpose) -> service).ask(List.of(rule("a"), rule("b")));
  }

  @Test
  void anAccountThatAnswersIsAskedOnceForAllItsRules() throws Exception {
    service.createContainer("c");
    assertThat(ask()).isEmpty();
    assertThat(service.log(Operation.LIST)).hasSize(1);
  }

  @Test
  void aRefusalEndsTheMountAndNamesTheRule() throws Exception {
    assertThatThrownBy(this::ask)
        .hasMessageStartingWith("c.yaml:1: ")
        .hasMessageContaining("ContainerNotFound");
  }

  @Test
  void aServiceThatIsAwayOrBusyIsTold() throws Exception {
    for (Fault fault :
        List.of(FaultyBlobService.unreachable(), FaultyBlobService.refuse(503, "ServerBusy"))) {
      service.next(Operation.LIST, fault);
      assertThat(ask()).containsOnlyKeys(ACCOUNT);
    }
  }
}
