package io.azcp.transfer.blob;

import static io.azcp.transfer.blob.BlobServiceContract.at;
import static io.azcp.transfer.blob.BlobServiceContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.transfer.blob.FaultyBlobService.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetryingBlobServiceTest {
  private final MemoryBlobService memory = new MemoryBlobService();
  private final FaultyBlobService faulty = new FaultyBlobService(memory);
  private final List<Duration> pauses = new ArrayList<>();
  private final RetryCounters counters = new RetryCounters();
  private final BlobService service =
      new RetryingBlobService(
          faulty, new Repeater(5, counters, new Backoff(() -> 0.5), pauses::add), counters);

  @BeforeEach
  void makeContainer() throws IOException {
    memory.createContainer("c");
  }

  @Test
  void aGetGoesOnAtTheByteItReached() throws IOException {
    byte[] content = bytes(300_000);
    memory.put("c", "b", BodySource.of(content), PutOptions.NONE);
    faulty.next(Operation.GET, FaultyBlobService.cutBody(100_000));
    faulty.next(Operation.GET, FaultyBlobService.refuse(503, "ServerBusy"));
    faulty.next(Operation.GET, FaultyBlobService.cutBody(50_000));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BlobProperties got = service.get("c", "b", GetRange.of(1000, 298_000, null), at(1000, out));
    assertThat(out.toByteArray()).isEqualTo(java.util.Arrays.copyOfRange(content, 1000, 299_000));
    assertThat(got.length()).isEqualTo(300_000);
    assertThat(faulty.log(Operation.GET))
        .extracting(FaultyBlobService.Request::offset)
        .containsExactly(1000L, 101_000L, 101_000L, 151_000L);
    assertThat(counters.summary()).isEqualTo("503x1 429x0 5xxx0 transport-err x2");
  }

  @Test
  void aResumedGetRefusesAnotherVersion() throws IOException {
    memory.put("c", "b", BodySource.of(bytes(300_000)), PutOptions.NONE);
    faulty.next(Operation.GET, FaultyBlobService.cutBody(100_000));
    faulty.next(
        Operation.GET,
        FaultyBlobService.first(
            () -> memory.put("c", "b", BodySource.of(bytes(300_000)), PutOptions.NONE)));
    assertThatThrownBy(() -> service.get("c", "b", GetRange.ALL, (o, d) -> {}))
        .hasMessageContaining("ConditionNotMet");
  }

  @Test
  void aBodyThatCameWholeIsNotAskedForAgain() throws IOException {
    memory.put("c", "b", BodySource.of(bytes(10)), PutOptions.NONE);
    faulty.next(Operation.GET, FaultyBlobService.loseAnswer());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(service.get("c", "b", GetRange.ALL, at(0, out)).length()).isEqualTo(10);
    assertThat(faulty.log(Operation.GET)).hasSize(1);
  }

  @Test
  void aSinksOwnTransportFailureIsNotRepeated() throws IOException {
    memory.put("c", "b", BodySource.of(bytes(10)), PutOptions.NONE);
    TransportException inner =
        new TransportException(TransportException.Kind.BROKEN, "another connection", null);
    assertThatThrownBy(
            () ->
                service.get(
                    "c",
                    "b",
                    GetRange.ALL,
                    (o, d) -> {
                      throw inner;
                    }))
        .isSameAs(inner);
    assertThat(faulty.log(Operation.GET)).hasSize(1);
  }

  @Test
  void aLostAnswerToAConditionalPutIsSettledByOperationOrContent() throws IOException {
    for (Map<String, String> metadata :
        List.of(Map.of(MetadataKeys.OPERATION, "op-1"), Map.<String, String>of())) {
      String name = "b" + metadata.size();
      faulty.next(Operation.PUT, FaultyBlobService.loseAnswer());
      PutOptions options = new PutOptions("", "", metadata, Conditions.ABSENT);
      BlobProperties put = service.put("c", name, BodySource.of(bytes(9)), options);
      assertThat(put.etag()).isEqualTo(memory.head("c", name).etag());
      assertThat(faulty.log(Operation.HEAD)).isNotEmpty();
    }
  }

  @Test
  void aStrangersBlobIsNotTakenForOurs() throws IOException {
    memory.put("c", "b", BodySource.of(bytes(9)), PutOptions.NONE);
    faulty.next(Operation.PUT, FaultyBlobService.refuse(500, "InternalError"));
    PutOptions marked =
        new PutOptions("", "", Map.of(MetadataKeys.OPERATION, "op-2"), Conditions.ABSENT);
    assertThatThrownBy(() -> service.put("c", "b", BodySource.of(bytes(9)), marked))
        .hasMessageContaining("BlobAlreadyExists");
  }

  @Test
  void aFirstRefusalIsBelievedWithoutLooking() throws IOException {
    memory.put("c", "b", BodySource.of(bytes(9)), PutOptions.NONE);
    PutOptions absent = new PutOptions("", "", Map.of(), Conditions.ABSENT);
    assertThatThrownBy(() -> service.put("c", "b", BodySource.of(bytes(9)), absent))
        .hasMessageContaining("BlobAlreadyExists");
    assertThat(faulty.log(Operation.HEAD)).isEmpty();
  }

  @Test
  void lostAnswersOfMetadataContainersAndDeletesAreSettled() throws IOException {
    String etag = memory.put("c", "b", BodySource.of(bytes(9)), PutOptions.NONE).etag();
    faulty.next(Operation.SET_METADATA, FaultyBlobService.loseAnswer());
    String changed = service.setMetadata("c", "b", Map.of("K", "v"), Conditions.match(etag)).etag();
    assertThat(changed).isEqualTo(memory.head("c", "b").etag());
    faulty.next(Operation.DELETE, FaultyBlobService.loseAnswer());
    service.delete("c", "b", Conditions.match(changed));
    faulty.next(Operation.CREATE_CONTAINER, FaultyBlobService.loseAnswer());
    service.createContainer("d");
    faulty.next(Operation.DELETE_CONTAINER, FaultyBlobService.loseAnswer());
    service.deleteContainer("d");
    assertThat(faulty.pendingFaults()).isZero();
  }

  @Test
  void aRepeatedPageShowsNewItemsButNothingTwice() throws IOException {
    for (int i = 0; i < 300; i++) {
      memory.put("c", "n" + (1000 + i), BodySource.of(new byte[0]), PutOptions.NONE);
    }
    memory.put("c", "n0000/x", BodySource.of(new byte[0]), PutOptions.NONE);
    faulty.next(Operation.LIST, FaultyBlobService.loseAnswer());
    faulty.next(
        Operation.LIST,
        FaultyBlobService.first(
            () -> memory.put("c", "n1100a", BodySource.of(new byte[0]), PutOptions.NONE)));
    List<String> seen = new ArrayList<>();
    service.list(
        "c",
        ListQuery.directory(""),
        new ListVisitor() {
          @Override
          public void blob(String name, BlobProperties properties) {
            seen.add(name);
          }

          @Override
          public void prefix(String name) {
            seen.add(name);
          }
        });
    assertThat(seen).hasSize(302).doesNotHaveDuplicates().contains("n1100a", "n0000/");
  }
}
