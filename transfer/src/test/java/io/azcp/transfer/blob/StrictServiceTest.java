package io.azcp.transfer.blob;

import static io.azcp.transfer.blob.BlobServiceContract.at;
import static io.azcp.transfer.blob.BlobServiceContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.transfer.blob.FaultProxy.Fault;
import io.azcp.transfer.blob.strict.StrictServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a strict service does that others do not, and what happens when its answers are lost. */
@Timeout(300)
class StrictServiceTest {
  private final AtomicLong ahead = new AtomicLong();
  private final StrictServer server =
      new StrictServer(ListingOrder.FLAT, () -> System.currentTimeMillis() + ahead.get());
  private final FaultProxy proxy = FaultProxy.to(server.endpoint());
  private BlobService service;

  @BeforeEach
  void open() throws IOException {
    server.blobs().createContainer("c");
    service = open(proxy.endpoint(), server);
  }

  private static BlobService open(String endpoint, StrictServer server) throws IOException {
    return BlobServices.open(
            BlobUrl.parse(endpoint, null),
            Credential.SharedKey.of(server.account(), server.key(), "test"),
            ClientOptions.DEFAULT,
            List.of())
        .service();
  }

  @AfterEach
  void close() {
    service.close();
    proxy.close();
    server.close();
  }

  private BlobProperties put(String name, int length) throws IOException {
    return server.blobs().put("c", name, BodySource.of(bytes(length)), PutOptions.NONE);
  }

  private static void dropAnswer(FaultProxy proxy, String method, String name) {
    proxy.next(r -> r.method().equals(method) && r.path().endsWith("/" + name), Fault.dropAnswer());
  }

  @Test
  void aPendingCopyIsWaitedFor() throws IOException {
    BlobProperties source = put("a", 10);
    server.pendingCopies(3);
    service.copy("c", "a", source.etag(), "c", "b", null, Conditions.NONE);
    assertThat(service.head("c", "b").details().copyStatus()).isEqualTo("success");
  }

  @Test
  void aRepeatedCopyWaitsForTheFirstOne() throws IOException {
    put("a", 10);
    server.pendingCopies(2);
    dropAnswer(proxy, "PUT", "b");
    service.copy("c", "a", null, "c", "b", null, Conditions.ABSENT);
    assertThat(proxy.pendingFaults()).isZero();
    assertThat(server.blobs().head("c", "b").length()).isEqualTo(10);
  }

  @Test
  void aLostAnswerToAPutFromUrlIsSettledByContent() throws IOException {
    BlobProperties source = put("a", 1000);
    CopySource from = service.copySource("c", "a", source);
    dropAnswer(proxy, "PUT", "b");
    PutOptions absent = new PutOptions("", "", Map.of(), Conditions.ABSENT);
    BlobProperties made = service.putFromUrl("c", "b", from, absent);
    assertThat(made.etag()).isEqualTo(server.blobs().head("c", "b").etag());
    assertThat(proxy.pendingFaults()).isZero();
  }

  @Test
  void aLostAnswerToACopyOfABlobWithoutMd5IsSettledByItsSource() throws IOException {
    server.blobs().putBlock("c", "a", BlobServiceContract.id(1), BodySource.of(bytes(9)));
    server.blobs().putBlockList("c", "a", List.of(BlobServiceContract.id(1)), PutOptions.NONE);
    dropAnswer(proxy, "PUT", "b");
    BlobProperties made = service.copy("c", "a", null, "c", "b", null, Conditions.ABSENT);
    assertThat(made.etag()).isEqualTo(server.blobs().head("c", "b").etag());
    assertThat(proxy.pendingFaults()).isZero();
  }

  @Test
  void aLostAnswerToABatchIsNoFailure() throws IOException {
    Map<String, Conditions> blobs = new LinkedHashMap<>();
    for (int i = 0; i < 5; i++) {
      put("b" + i, 1);
      blobs.put("b" + i, Conditions.NONE);
    }
    proxy.next(r -> r.query().contains("comp=batch"), Fault.dropAnswer());
    assertThat(service.deleteBatch("c", blobs)).isEmpty();
    assertThat(proxy.pendingFaults()).isZero();
    assertThat(service.deleteBatch("c", blobs)).hasSize(5);
  }

  @Test
  void lostAnswersOfPutBlockListAndDeleteAreSettled() throws IOException {
    PutOptions absent = new PutOptions("", "", Map.of(), Conditions.ABSENT);
    dropAnswer(proxy, "PUT", "whole");
    String whole = service.put("c", "whole", BodySource.of(bytes(9)), absent).etag();
    assertThat(whole).isEqualTo(server.blobs().head("c", "whole").etag());
    service.putBlock("c", "blocks", BlobServiceContract.id(1), BodySource.of(bytes(9)));
    proxy.next(r -> r.query().contains("comp=blocklist"), Fault.dropAnswer());
    String blocks =
        service.putBlockList("c", "blocks", List.of(BlobServiceContract.id(1)), absent).etag();
    assertThat(blocks).isEqualTo(server.blobs().head("c", "blocks").etag());
    dropAnswer(proxy, "DELETE", "whole");
    service.delete("c", "whole", Conditions.match(whole));
    assertThat(proxy.pendingFaults()).isZero();
  }

  @Test
  void aTokenLetsAnotherServiceReadTheSource() throws IOException {
    try (StrictServer other = new StrictServer();
        BlobService there = open(other.endpoint(), other)) {
      other.blobs().createContainer("d");
      BlobProperties source = put("a", 1000);
      server.letIn("secret");
      String url = server.endpoint() + "/c/a";
      CopySource wrong = new CopySource(url, "Bearer wrong", source);
      assertThatThrownBy(() -> there.putFromUrl("d", "b", wrong, PutOptions.NONE))
          .hasMessageContaining("CannotVerifyCopySource");
      there.putFromUrl("d", "b", new CopySource(url, "Bearer secret", source), PutOptions.NONE);
      var out = new ByteArrayOutputStream();
      there.get("d", "b", GetRange.ALL, at(0, out));
      assertThat(out.toByteArray()).isEqualTo(bytes(1000));
    }
  }

  @Test
  void aClockThatIsFarOffIsNamed() {
    ahead.set(20 * 60_000 + 30_000);
    assertThatThrownBy(() -> service.head("c", "a"))
        .hasMessageContaining("this machine's clock is 20 minutes behind");
  }

  @Test
  void aRedirectIsNotFollowed() {
    proxy.next(r -> true, Fault.answer(307, "", "Location: http://elsewhere.example/\r\n"));
    assertThatThrownBy(() -> service.head("c", "a"))
        .hasMessageContaining("redirects are not followed");
  }

  @Test
  void anEarlyAnswerIsBelieved() {
    proxy.next(r -> r.method().equals("PUT"), Fault.early(403, "AuthorizationFailure"));
    assertThatThrownBy(
            () -> service.put("c", "large", BodySource.of(bytes(8 << 20)), PutOptions.NONE))
        .hasMessageContaining("AuthorizationFailure");
  }

  @Test
  void metadataAndBlockListsHaveTheirLimits() throws IOException {
    Map<String, String> large = Map.of("k", "v".repeat(8 << 10));
    assertThatThrownBy(
            () ->
                service.put(
                    "c",
                    "b",
                    BodySource.of(new byte[1]),
                    new PutOptions("", "", large, Conditions.NONE)))
        .hasMessageContaining("metadata may have 8 KiB");
    service.putBlock("c", "b", BlobServiceContract.id(1), BodySource.of(new byte[1]));
    List<String> many = java.util.Collections.nCopies(50_001, BlobServiceContract.id(1));
    assertThatThrownBy(() -> service.putBlockList("c", "b", many, PutOptions.NONE))
        .hasMessageContaining("use a larger --block-size");
  }

  @Test
  void namesThatXmlCannotHoldAreListed() throws IOException {
    List<String> names = List.of("a\u0001b", "x\uFFFEy", "z%41");
    for (String name : names) {
      service.put("c", name, BodySource.of(new byte[1]), PutOptions.NONE);
    }
    assertThat(listed(service)).containsExactlyElementsOf(names);
  }

  @ParameterizedTest
  @EnumSource(ListingOrder.class)
  void eachServiceHasItsOrder(ListingOrder order) throws IOException {
    try (StrictServer ordered = new StrictServer(order, System::currentTimeMillis);
        BlobService there = open(ordered.endpoint(), ordered)) {
      there.createContainer("c");
      for (String name : List.of("A/x", "A-B", "\uFF5E", "\uD83D\uDE00")) {
        there.put("c", name, BodySource.of(new byte[1]), PutOptions.NONE);
      }
      List<String> expected =
          switch (order) {
            case FLAT -> List.of("A-B", "A/x", "\uFF5E", "\uD83D\uDE00");
            case HIERARCHICAL -> List.of("A", "A/x", "A-B", "\uFF5E", "\uD83D\uDE00");
            case UTF16 -> List.of("A-B", "A/x", "\uD83D\uDE00", "\uFF5E");
          };
      assertThat(listed(there)).containsExactlyElementsOf(expected);
    }
  }

  private static List<String> listed(BlobService service) throws IOException {
    List<String> names = new ArrayList<>();
    ListQuery query = ListQuery.flat("");
    String marker = service.list("c", query, (name, blob) -> names.add(name));
    while (!marker.isEmpty()) {
      marker = service.list("c", query.from(marker), (name, blob) -> names.add(name));
    }
    return names;
  }
}
