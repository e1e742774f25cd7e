package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.COPY;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.GET;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT_BLOCK_FROM_URL;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT_BLOCK_LIST;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT_FROM_URL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.transfer.blob.BlobHeaders;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.ListingOrder;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.PutOptions;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
class ServerCopyJobTest {
  private static final int BLOCK = 1000;

  private final AtomicLong clock = new AtomicLong(1_800_000_000_000L);
  private final MemoryBlobService memory = new MemoryBlobService(clock::get);
  private final FaultyBlobService service = new FaultyBlobService(memory);
  private final MemoryBlobService elsewhere = new MemoryBlobService(clock::get);
  private final FaultyBlobService other = new FaultyBlobService(elsewhere);
  private final Heard heard = new Heard();
  private final TransferOptions one =
      TransferOptions.defaults().withLimits(3, 2).withBlockSize(BLOCK);
  private final TransferOptions all = one.withRecursive(true);

  /** The ways a copy can go. */
  enum Way {
    WITHIN,
    BY_URL,
    THROUGH_HERE
  }

  @BeforeEach
  void blobs() throws IOException {
    memory.createContainer("c");
    memory.createContainer("d");
    elsewhere.createContainer("d");
    for (String name : new String[] {"p/a", "p/b", "p/sub/c", "pp/other", "q"}) {
      Trees.put(memory, "c", name, Trees.utf8(name));
    }
    Trees.marker(memory, "c", "p");
  }

  private ServerCopyJob copy(TransferOptions options, String source, String target) {
    return copy(service, options, source, target);
  }

  private ServerCopyJob copy(BlobService to, TransferOptions options, String from, String target) {
    return new ServerCopyJob(
        service,
        new ServerCopyJob.Place("c", from),
        to,
        new ServerCopyJob.Place("d", target),
        options,
        heard);
  }

  /** The destination of a way; through here where no service reads URLs. */
  private FaultyBlobService destination(Way way) {
    if (way == Way.THROUGH_HERE) {
      other.next(PUT_FROM_URL, FaultyBlobService.refuse(501, "APINotImplemented"));
      other.next(PUT_BLOCK_FROM_URL, FaultyBlobService.refuse(501, "APINotImplemented"));
    }
    return way == Way.WITHIN ? service : other;
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void contentAndPropertiesArrive(Way way) throws Exception {
    byte[] large = new byte[7 * BLOCK + 1];
    new Random(1).nextBytes(large);
    var headers = new BlobHeaders("gzip", "de", "inline", "no-cache", "Cool", Map.of("t", "1"));
    var options =
        new PutOptions(
            "text/x-test", "XUFAKrxLKna5cZ2REBfFkg==", Map.of("k", "v"), headers, Conditions.NONE);
    memory.put("c", "all/large", BodySource.of(large), options);
    memory.put("c", "all/small", BodySource.of(new byte[] {1, 2}), options);
    memory.put("c", "all/empty", BodySource.of(new byte[0]), options);
    FaultyBlobService to = destination(way);
    ServerCopyJob job = copy(to, all, "all", "x");
    job.run();
    assertThat(heard.failed).isEmpty();
    BlobService reader = way == Way.WITHIN ? memory : elsewhere;
    assertThat(Trees.get(reader, "d", "x/large")).isEqualTo(large);
    assertThat(Trees.get(reader, "d", "x/small")).isEqualTo(new byte[] {1, 2});
    for (String name : new String[] {"x/large", "x/small", "x/empty"}) {
      BlobProperties made = to.head("d", name);
      assertThat(made.contentType()).isEqualTo("text/x-test");
      assertThat(made.contentMd5()).isEqualTo("XUFAKrxLKna5cZ2REBfFkg==");
      assertThat(made.metadata()).isEqualTo(Map.of("k", "v"));
      assertThat(made.tier()).isEqualTo("Cool");
      assertThat(made.details().headers().contentEncoding()).isEqualTo("gzip");
      assertThat(made.details().headers().contentLanguage()).isEqualTo("de");
      assertThat(made.details().headers().contentDisposition()).isEqualTo("inline");
      assertThat(made.details().headers().cacheControl()).isEqualTo("no-cache");
      assertThat(to.tags("d", name)).isEqualTo(Map.of("t", "1"));
    }
    assertThat(job.stats().files()).isEqualTo(3);
    assertThat(job.stats().bytes()).isEqualTo(large.length + 2);
    assertThat(service.log(GET).isEmpty()).isEqualTo(way != Way.THROUGH_HERE);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void whatIsAskedForGoesBeforeWhatTheSourceHas(Way way) throws Exception {
    var asked =
        new PutOptions(
            "text/asked",
            "",
            Map.of("n", "1"),
            new BlobHeaders("", "fr", "", "", "Cold", Map.of("u", "2")),
            Conditions.NONE);
    FaultyBlobService to = destination(way);
    copy(to, one.toBuilder().attributes(asked).build(), "q", "").run();
    BlobProperties made = to.head("d", "q");
    assertThat(heard.failed).isEmpty();
    assertThat(made.contentType()).isEqualTo("text/asked");
    assertThat(made.metadata()).isEqualTo(Map.of("n", "1"));
    assertThat(made.tier()).isEqualTo("Cold");
    assertThat(made.details().headers().contentLanguage()).isEqualTo("fr");
    assertThat(to.tags("d", "q")).isEqualTo(Map.of("u", "2"));
  }

  @Test
  void aServiceThatReadsNoUrlIsWarnedOfOnce() throws Exception {
    copy(destination(Way.THROUGH_HERE), all, "p", "x").run();
    assertThat(Trees.blobs(elsewhere, "d")).containsOnlyKeys("x/a", "x/b", "x/sub/c");
    assertThat(heard.warned).singleElement().asString().contains("through this machine");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aSourceThatChangesIsNotCopied(Way way) throws Exception {
    FaultyBlobService to = destination(way);
    var change =
        FaultyBlobService.first(
            () -> memory.put("c", "q", BodySource.of(new byte[9]), PutOptions.NONE));
    if (way == Way.THROUGH_HERE) {
      service.next(GET, change);
    } else {
      to.next(way == Way.WITHIN ? COPY : PUT_FROM_URL, change);
    }
    ServerCopyJob job = copy(to, one, "q", "");
    job.run();
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(heard.failed).singleElement().asString().contains("changed by somebody else");
    assertThat(Trees.blobs(to, "d")).isEmpty();
  }

  @Test
  void theRangesOfALargeBlobAreOfOneVersion() throws Exception {
    Trees.put(memory, "c", "large", new byte[5 * BLOCK]);
    other.next(PUT_BLOCK_FROM_URL, FaultyBlobService.first(() -> {}));
    other.next(
        PUT_BLOCK_FROM_URL,
        FaultyBlobService.first(() -> Trees.put(memory, "c", "large", new byte[5 * BLOCK])));
    copy(other, one, "large", "").run();
    assertThat(heard.failed).singleElement().asString().contains("large", "SourceConditionNotMet");
    assertThat(other.log(PUT_BLOCK_LIST)).isEmpty();
  }

  @Test
  void rangesThatAnotherCommitDiscardedAreSentAgainOnce() throws Exception {
    byte[] large = new byte[5 * BLOCK];
    new Random(2).nextBytes(large);
    Trees.put(memory, "c", "large", large);
    var commit =
        FaultyBlobService.first(() -> Trees.put(elsewhere, "d", "large", Trees.utf8("theirs")));
    other.next(PUT_BLOCK_LIST, commit);
    copy(other, one, "large", "").run();
    assertThat(heard.failed).isEmpty();
    assertThat(Trees.get(elsewhere, "d", "large")).isEqualTo(large);
    assertThat(other.log(PUT_BLOCK_FROM_URL)).hasSize(10);
    other.next(PUT_BLOCK_LIST, commit);
    other.next(PUT_BLOCK_LIST, commit);
    copy(other, one, "large", "").run();
    assertThat(heard.failed).singleElement().asString().contains("InvalidBlockList");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void withoutOverwriteWhatIsThereStays(Way way) throws Exception {
    FaultyBlobService to = destination(way);
    Trees.put(to, "d", "a", Trees.utf8("theirs"));
    ServerCopyJob job = copy(to, all.withOverwrite(false), "p", "");
    job.run();
    assertThat(job.stats().skipped()).isEqualTo(1);
    assertThat(job.stats().files()).isEqualTo(2);
    assertThat(Trees.get(to, "d", "a")).isEqualTo(Trees.utf8("theirs"));
  }

  @Test
  void onlyOlderOnesAreReplacedIfSoAsked() throws Exception {
    clock.addAndGet(5000);
    Trees.put(memory, "d", "a", Trees.utf8("newer"));
    clock.addAndGet(5000);
    Trees.put(memory, "c", "p/b", Trees.utf8("newest"));
    Trees.put(memory, "d", "sub/c", Trees.utf8("newest"));
    Trees.put(memory, "d", "b", Trees.utf8("same second"));
    clock.addAndGet(5000);
    Trees.put(memory, "c", "p/sub/c", Trees.utf8("later"));
    TransferOptions newer = all.toBuilder().overwrite(Overwrite.IF_SOURCE_NEWER).build();
    copy(newer, "p", "").run();
    assertThat(heard.ended(FileResult.Status.DONE)).containsExactly("p/sub/c");
    assertThat(Trees.get(memory, "d", "a")).isEqualTo(Trees.utf8("newer"));
    assertThat(Trees.get(memory, "d", "sub/c")).isEqualTo(Trees.utf8("later"));
  }

  @Test
  void theUserIsAskedForEachThatIsThere() throws Exception {
    Trees.put(memory, "d", "a", Trees.utf8("theirs"));
    Trees.put(memory, "d", "b", Trees.utf8("theirs"));
    heard.answers.add(TransferEvents.Answer.NEVER);
    copy(all.toBuilder().overwrite(Overwrite.PROMPT).build(), "p", "").run();
    assertThat(heard.asked).hasSize(1);
    assertThat(heard.ended(FileResult.Status.SKIPPED)).containsExactlyInAnyOrder("p/a", "p/b");
    assertThat(heard.ended(FileResult.Status.DONE)).containsExactly("p/sub/c");
  }

  @Test
  void aDryRunTellsWhatWouldBeCopied() throws Exception {
    Trees.put(memory, "d", "a", Trees.utf8("theirs"));
    ServerCopyJob job = copy(all.withOverwrite(false).withDryRun(true), "p", "");
    job.run();
    assertThat(heard.planned).containsExactlyInAnyOrder("p/b", "p/sub/c");
    assertThat(job.stats().skipped()).isEqualTo(1);
    assertThat(service.log(COPY)).isEmpty();
  }

  @Test
  void theFilterSeesNamesBelowTheSource() throws Exception {
    copy(all.toBuilder().filter((name, time) -> name.equals("sub/c")).build(), "p", "x").run();
    assertThat(Trees.blobs(memory, "d")).containsOnlyKeys("x/sub/c");
  }

  @Test
  void aSingleBlobIsCopiedToTheNameOrIntoTheDirectory() throws Exception {
    copy(one, "p/a", "n").run();
    copy(one, "p/a", "dir/").run();
    copy(all, "p/a", "").run();
    assertThat(Trees.blobs(memory, "d")).containsOnlyKeys("n", "dir/a", "a");
  }

  @Test
  void aPrefixTakesAllNamesThatStartSo() throws Exception {
    copy(all.toBuilder().prefix(true).build(), "p/s", "x").run();
    assertThat(Trees.blobs(memory, "d")).containsOnlyKeys("x/sub/c");
  }

  @Test
  void anArchivedBlobNamesItsRemedy() throws Exception {
    memory.setTier("c", "p/a", "Archive");
    copy(all, "p", "").run();
    assertThat(heard.failed)
        .singleElement()
        .asString()
        .contains("p/a", "BlobArchived", "bring it back");
    assertThat(service.log(COPY)).hasSize(2);
  }

  @Test
  void tagsThatMayNotBeReadAreLeftOutWithOneWarning() throws Exception {
    for (String name : new String[] {"p/a", "p/b"}) {
      memory.setTags("c", name, Map.of("t", "1"));
      service.next(
          FaultyBlobService.Operation.TAGS,
          FaultyBlobService.refuse(403, "AuthorizationPermissionMismatch"));
    }
    copy(all, "p", "").run();
    assertThat(heard.warned).singleElement().asString().contains("tags are not copied");
    assertThat(Trees.blobs(memory, "d")).containsOnlyKeys("a", "b", "sub/c");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aSourceGoesOnlyWhenItsCopyIsThere(Way way) throws Exception {
    FaultyBlobService to = destination(way);
    memory.setTier("c", "p/b", "Archive");
    copy(to, all.toBuilder().deleteSource(true).build(), "p", "").run();
    assertThat(Trees.blobs(to, "d")).containsOnlyKeys("a", "sub/c");
    assertThat(memory.head("c", "p/b").tier()).isEqualTo("Archive");
    memory.setTier("c", "p/b", "Hot");
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("p", "p/b", "pp/other", "q");
  }

  @Test
  void aSourceThatChangedAfterItsCopyIsKept() throws Exception {
    service.next(
        FaultyBlobService.Operation.DELETE,
        FaultyBlobService.first(() -> Trees.put(memory, "c", "q", Trees.utf8("newer"))));
    ServerCopyJob job = copy(one.toBuilder().deleteSource(true).build(), "q", "");
    job.run();
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(Trees.get(memory, "c", "q")).isEqualTo(Trees.utf8("newer"));
  }

  @ParameterizedTest
  @EnumSource(ListingOrder.class)
  void aTreeMovesWhateverTheOrderOfItsNamespace(ListingOrder order) throws Exception {
    var tree = new MemoryBlobService(order, clock::get);
    tree.createContainer("c");
    tree.createContainer("d");
    for (String name : new String[] {"t/A", "t/A-B", "t/B/x", "t/B-C/y", "t/B/z/z"}) {
      Trees.put(tree, "c", name, Trees.utf8(name));
    }
    new ServerCopyJob(
            tree,
            all.toBuilder().deleteSource(true).build(),
            heard,
            new ServerCopyJob.Place("c", "t"),
            new ServerCopyJob.Place("d", ""))
        .run();
    assertThat(heard.failed).isEmpty();
    assertThat(heard.warned).isEmpty();
    assertThat(Trees.get(tree, "d", "B/z/z")).isEqualTo(Trees.utf8("t/B/z/z"));
    assertThat(Trees.blobs(tree, "c").keySet()).allMatch("t"::equals);
  }

  @Test
  void aDirectoryIsNotCopiedIntoItself() {
    var job =
        new ServerCopyJob(
            service,
            all,
            heard,
            new ServerCopyJob.Place("c", "p"),
            new ServerCopyJob.Place("c", "p/below"));
    assertThatThrownBy(job::run).hasMessageContaining("itself");
    assertThatThrownBy(() -> copy(one, "none", "x").run()).hasMessageContaining("no blob");
  }
}
