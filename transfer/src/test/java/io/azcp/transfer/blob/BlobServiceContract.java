package io.azcp.transfer.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.azcp.base.Errno;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every implementation of {@link BlobService} keeps. */
abstract class BlobServiceContract {
  /** The service under test; all tests may share one. */
  abstract BlobService service();

  private final String container = containerPrefix() + Long.toString(System.nanoTime(), 36);
  private BlobService service;

  /** What the names of the containers begin with that are made here. */
  String containerPrefix() {
    return "c";
  }

  @BeforeEach
  void makeContainer() throws IOException {
    service = service();
    service.createContainer(container);
  }

  static List<String> names() {
    return List.of(
        "x%41y",
        "sp ace",
        "ha#sh",
        "ünï/çødé",
        "trailing ",
        "a",
        "a/b",
        "q?x&y=z+w",
        "it's (1)*!~$,;:@",
        "<&>\"' quoted",
        "😀/emoji",
        "n".repeat(900),
        "ü".repeat(300),
        ".hidden/.file",
        "a//b");
  }

  @ParameterizedTest
  @MethodSource("names")
  void namesFromHellComeBackAsTheyWere(String name) throws IOException {
    put(name, "content of " + name);
    assertThat(text(name)).isEqualTo("content of " + name);
    assertThat(service.head(container, name).length())
        .isEqualTo(("content of " + name).getBytes(UTF_8).length);
    assertThat(listed(ListQuery.flat(""))).containsExactly(name);
    assertThat(listed(ListQuery.flat(name))).containsExactly(name);
    service.copy(container, name, null, container, name + "-copy", null, Conditions.NONE);
    assertThat(text(name + "-copy")).isEqualTo("content of " + name);
    service.putBlock(container, name, id(1), BodySource.of(bytes(10)));
    service.putBlockList(container, name, List.of(id(1)), PutOptions.NONE);
    assertThat(service.head(container, name).length()).isEqualTo(10);
    service.delete(container, name, Conditions.NONE);
    assertThat(listed(ListQuery.flat(""))).containsExactly(name + "-copy");
  }

  @Test
  void namesTheServiceCannotHoldAreRefused() {
    refused(Errno.EINVAL, () -> put("back\\slash", ""));
    refused(Errno.EINVAL, () -> service.head(container, "dot./x"));
    refused(Errno.ENAMETOOLONG, () -> put("n".repeat(1025), ""));
    refused(Errno.EILSEQ, () -> put("\ud800", ""));
  }

  @Test
  void putTellsTheNewVersionAndKeepsItsMd5() throws Exception {
    byte[] content = bytes(100_000);
    BlobProperties put =
        service.put(
            container,
            "b",
            BodySource.of(content),
            new PutOptions("text/x-test", "", Map.of("k", "v", "other", "1 2"), Conditions.NONE));
    BlobProperties head = service.head(container, "b");
    String md5 =
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(content));
    assertThat(head.etag()).isEqualTo(put.etag()).isNotEmpty().doesNotContain("\"");
    assertThat(head.length()).isEqualTo(100_000).isEqualTo(put.length());
    assertThat(head.contentType()).isEqualTo("text/x-test");
    assertThat(head.contentMd5()).isEqualTo(md5).isEqualTo(put.contentMd5());
    assertThat(head.metadata()).isEqualTo(Map.of("k", "v", "other", "1 2"));
    assertThat(head.blobType()).isEqualTo("BlockBlob");
    assertThat(head.lastModified()).isEqualTo(put.lastModified()).isPositive();
    assertThat(head.lastModified() % 1000).isZero();
  }

  @Test
  void emptyBlobs() throws IOException {
    put("empty", "");
    assertThat(text("empty")).isEmpty();
    assertThat(service.head(container, "empty").length()).isZero();
    refused(
        Errno.EINVAL,
        () -> service.get(container, "empty", GetRange.of(0, 10, null), (o, d) -> {}));
    BlobProperties none = service.get(container, "empty", new GetRange(0, 0, null), (o, d) -> {});
    assertThat(none.length()).isZero();
  }

  @Test
  void rangesGiveTheirBytesInOrder() throws IOException {
    byte[] content = bytes(1_000_000);
    String etag = service.put(container, "b", BodySource.of(content), PutOptions.NONE).etag();
    for (long[] range :
        new long[][] {{0, 1}, {1, 999_999}, {300_000, 600_001}, {999_999, 1}, {5, -1}, {0, -1}}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BlobProperties got =
          service.get(container, "b", GetRange.of(range[0], range[1], etag), at(range[0], out));
      int end = range[1] < 0 ? content.length : (int) (range[0] + range[1]);
      assertThat(out.toByteArray())
          .isEqualTo(java.util.Arrays.copyOfRange(content, (int) range[0], end));
      assertThat(got.length()).isEqualTo(1_000_000);
      assertThat(got.etag()).isEqualTo(etag);
    }
    ByteArrayOutputStream tail = new ByteArrayOutputStream();
    service.get(container, "b", GetRange.of(999_990, 100, etag), at(999_990, tail));
    assertThat(tail.size()).isEqualTo(10);
    refused(
        Errno.EINVAL,
        () -> service.get(container, "b", GetRange.of(1_000_000, 1, etag), (o, d) -> {}));
  }

  @Test
  void theSinkIsToldOfTheVersionBeforeItsBytes() throws IOException {
    put("b", "bytes");
    List<String> calls = new ArrayList<>();
    service.get(
        container,
        "b",
        GetRange.ALL,
        new BodySink() {
          @Override
          public void begin(BlobProperties properties) {
            calls.add("begin " + properties.length());
          }

          @Override
          public void accept(long offset, ByteBuffer data) {
            calls.add("accept " + data.remaining() + " " + data.isDirect());
          }
        });
    assertThat(calls).containsExactly("begin 5", "accept 5 true");
  }

  @Test
  void aFailureOfTheSinkComesThroughUnchanged() throws IOException {
    put("b", "bytes");
    IOException full = new IOException("disk full");
    assertThatThrownBy(
            () ->
                service.get(
                    container,
                    "b",
                    GetRange.ALL,
                    (o, d) -> {
                      throw full;
                    }))
        .isSameAs(full);
    assertThatThrownBy(
            () ->
                eachPage(
                    ListQuery.flat(""),
                    (n, p) -> {
                      throw full;
                    }))
        .isSameAs(full);
    assertThat(text("b")).isEqualTo("bytes");
  }

  @Test
  void aPinnedGetRefusesAnotherVersion() throws IOException {
    String old = put("b", "one").etag();
    put("b", "two");
    refused(
        Errno.ESTALE, () -> service.get(container, "b", new GetRange(0, -1, old), (o, d) -> {}));
    refused(Errno.ESTALE, () -> service.get(container, "b", GetRange.of(0, 0, old), (o, d) -> {}));
  }

  @Test
  void absenceIsTold() {
    refused(Errno.ENOENT, "BlobNotFound", () -> service.head(container, "none"));
    refused(
        Errno.ENOENT,
        "BlobNotFound",
        () -> service.get(container, "none", GetRange.ALL, (o, d) -> {}));
    refused(Errno.ENOENT, "BlobNotFound", () -> service.delete(container, "none", Conditions.NONE));
    refused(
        Errno.ENOENT,
        "BlobNotFound",
        () -> service.setMetadata(container, "none", Map.of(), Conditions.NONE));
    refused(
        Errno.ENOENT,
        () -> service.copy(container, "none", null, container, "x", null, Conditions.NONE));
    refused(
        Errno.ENOENT,
        "ContainerNotFound",
        () -> service.list("no-such", ListQuery.flat(""), (n, p) -> {}));
    refused(
        Errno.ENOENT,
        "ContainerNotFound",
        () -> service.put("no-such", "b", BodySource.of(new byte[1]), PutOptions.NONE));
  }

  @Test
  void conditionsOnPut() throws IOException {
    String first = put("b", "1", Conditions.ABSENT).etag();
    refused(Errno.EEXIST, "BlobAlreadyExists", () -> put("b", "2", Conditions.ABSENT));
    String second = put("b", "2", Conditions.match(first)).etag();
    assertThat(second).isNotEqualTo(first);
    refused(Errno.ESTALE, "ConditionNotMet", () -> put("b", "3", Conditions.match(first)));
    refused(Errno.ESTALE, () -> put("absent", "3", Conditions.match(first)));
    assertThat(text("b")).isEqualTo("2");
  }

  @Test
  void conditionsOnBlockListMetadataCopyAndDelete() throws IOException {
    String first = put("b", "1").etag();
    service.putBlock(container, "b", id(1), BodySource.of(bytes(3)));
    PutOptions absent = new PutOptions("", "", Map.of(), Conditions.ABSENT);
    refused(Errno.EEXIST, () -> service.putBlockList(container, "b", List.of(id(1)), absent));
    PutOptions matching = new PutOptions("", "", Map.of(), Conditions.match(first));
    String second = service.putBlockList(container, "b", List.of(id(1)), matching).etag();
    refused(
        Errno.ESTALE, () -> service.setMetadata(container, "b", Map.of(), Conditions.match(first)));
    refused(Errno.ESTALE, () -> service.delete(container, "b", Conditions.match(first)));
    refused(
        Errno.ESTALE,
        () -> service.copy(container, "b", first, container, "c", null, Conditions.NONE));
    service.copy(container, "b", second, container, "c", null, Conditions.ABSENT);
    refused(
        Errno.EEXIST,
        () -> service.copy(container, "b", null, container, "c", null, Conditions.ABSENT));
    service.delete(container, "b", Conditions.match(second));
    refused(Errno.ENOENT, () -> service.head(container, "b"));
  }

  @Test
  void blocksBecomeABlobWhenTheirListIsPut() throws IOException {
    byte[] one = bytes(70_000);
    byte[] two = bytes(5);
    service.putBlock(container, "b", id(1), BodySource.of(one));
    service.putBlock(container, "b", id(2), BodySource.of(two));
    assertThat(listed(ListQuery.flat(""))).isEmpty();
    refused(Errno.ENOENT, () -> service.head(container, "b"));
    assertThat(service.blockList(container, "b").uncommitted())
        .containsExactlyInAnyOrder(
            new BlockList.Block(id(1), 70_000), new BlockList.Block(id(2), 5));
    PutOptions options =
        new PutOptions("text/plain", "", Map.of("azcp_op", "7"), Conditions.ABSENT);
    BlobProperties made = service.putBlockList(container, "b", List.of(id(2), id(1)), options);
    BlobProperties head = service.head(container, "b");
    assertThat(head.etag()).isEqualTo(made.etag());
    assertThat(head.length()).isEqualTo(70_005);
    assertThat(head.contentMd5()).isEmpty();
    assertThat(head.metadataValue("AZCP_OP")).isEqualTo("7");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    service.get(container, "b", GetRange.ALL, at(0, out));
    assertThat(out.toByteArray()).startsWith(two).endsWith(one);
    BlockList blocks = service.blockList(container, "b");
    assertThat(blocks.committed())
        .containsExactly(new BlockList.Block(id(2), 5), new BlockList.Block(id(1), 70_000));
    assertThat(blocks.uncommitted()).isEmpty();
    service.putBlock(container, "b", id(3), BodySource.of(two));
    assertThat(service.head(container, "b").etag()).isEqualTo(made.etag());
    service.putBlockList(container, "b", List.of(id(3), id(2)), PutOptions.NONE);
    assertThat(service.head(container, "b").length()).isEqualTo(10);
    refused(
        Errno.EIO,
        "InvalidBlockList",
        () -> service.putBlockList(container, "b", List.of(id(9)), PutOptions.NONE));
  }

  @Test
  void anEmptyBlockListMakesAnEmptyBlob() throws IOException {
    service.putBlockList(container, "b", List.of(), PutOptions.NONE);
    assertThat(service.head(container, "b").length()).isZero();
  }

  @Test
  void aGivenMd5IsKept() throws IOException {
    String md5 = "XUFAKrxLKna5cZ2REBfFkg==";
    service.putBlock(container, "b", id(1), BodySource.of("hello".getBytes(UTF_8)));
    service.putBlockList(
        container, "b", List.of(id(1)), new PutOptions("", md5, Map.of(), Conditions.NONE));
    assertThat(service.head(container, "b").contentMd5()).isEqualTo(md5);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BlobProperties ranged = service.get(container, "b", GetRange.of(1, 2, null), at(1, out));
    assertThat(ranged.contentMd5()).isEqualTo(md5);
  }

  @Test
  void metadataIsReplacedAndChangesTheEtag() throws IOException {
    service.put(
        container,
        "b",
        BodySource.of(new byte[1]),
        new PutOptions("", "", Map.of("old", "1"), Conditions.NONE));
    String before = service.head(container, "b").etag();
    BlobProperties changed =
        service.setMetadata(container, "b", Map.of("new", "2"), Conditions.match(before));
    BlobProperties head = service.head(container, "b");
    assertThat(head.metadata()).isEqualTo(Map.of("new", "2"));
    assertThat(head.etag()).isNotEqualTo(before).isEqualTo(changed.etag());
    service.setMetadata(container, "b", Map.of(), Conditions.NONE);
    assertThat(service.head(container, "b").metadata()).isEmpty();
  }

  @Test
  void copiesTakeMetadataOrAreGivenIt() throws IOException {
    service.put(
        container,
        "b",
        BodySource.of("content".getBytes(UTF_8)),
        new PutOptions("text/x-test", "", Map.of("k", "v"), Conditions.NONE));
    String etag = service.head(container, "b").etag();
    service.copy(container, "b", etag, container, "same", null, Conditions.NONE);
    service.copy(container, "b", etag, container, "other", Map.of("n", "1"), Conditions.NONE);
    service.copy(container, "b", etag, container, "none", Map.of(), Conditions.NONE);
    assertThat(service.head(container, "same").metadata()).isEqualTo(Map.of("k", "v"));
    assertThat(service.head(container, "other").metadata()).isEqualTo(Map.of("n", "1"));
    assertThat(service.head(container, "none").metadata()).isEmpty();
    assertThat(service.head(container, "same").contentType()).isEqualTo("text/x-test");
    assertThat(text("other")).isEqualTo("content");
    assertThat(service.head(container, "b").etag()).isEqualTo(etag);
  }

  @Test
  void flatListingsComeInPagesInOrder() throws IOException {
    for (String name : List.of("p/a", "p/b/c", "p/b/d", "p/e", "pp/x", "q")) {
      put(name, name);
    }
    List<String> pages = new ArrayList<>();
    String marker = "";
    do {
      List<String> page = new ArrayList<>();
      marker =
          service.list(
              container,
              new ListQuery("p/", false, marker, 2, false),
              (name, properties) -> page.add(name + ":" + properties.length()));
      pages.add(String.join(" ", page));
    } while (!marker.isEmpty());
    assertThat(String.join(" ", pages.stream().filter(page -> !page.isEmpty()).toList()))
        .isEqualTo("p/a:3 p/b/c:5 p/b/d:5 p/e:3");
    assertThat(pages.size()).isGreaterThanOrEqualTo(2);
    assertThat(listed(ListQuery.flat(""))).hasSize(6);
    assertThat(listed(ListQuery.flat("none"))).isEmpty();
  }

  @Test
  void hierarchicalListingsStopAtSlashes() throws IOException {
    for (String name : List.of("top", "d/x", "d/y", "d/deep/z", "e/x", "d.txt")) {
      put(name, name);
    }
    assertThat(listed(ListQuery.directory("")))
        .containsExactlyInAnyOrder("top", "d/", "e/", "d.txt");
    assertThat(listed(ListQuery.directory("d/")))
        .containsExactlyInAnyOrder("d/x", "d/y", "d/deep/");
    assertThat(listed(new ListQuery("", true, "", 1, false)))
        .containsExactlyInAnyOrder("top", "d/", "e/", "d.txt");
  }

  @Test
  void listingsTellWhatHeadTells() throws IOException {
    service.put(
        container,
        "dir",
        BodySource.of(new byte[0]),
        new PutOptions(
            "text/x-test", "", Map.of("hdi_isfolder", "true", "name", "<&>"), Conditions.NONE));
    put("file", "12345");
    Map<String, BlobProperties> listed = new TreeMap<>();
    eachPage(ListQuery.directory(""), listed::put);
    for (String name : List.of("dir", "file")) {
      BlobProperties head = service.head(container, name);
      BlobProperties item = listed.get(name);
      assertThat(item.etag()).isEqualTo(head.etag());
      assertThat(item.length()).isEqualTo(head.length());
      assertThat(item.lastModified()).isEqualTo(head.lastModified());
      assertThat(item.contentMd5()).isEqualTo(head.contentMd5());
      assertThat(item.contentType()).isEqualTo(head.contentType());
      assertThat(item.metadata()).isEqualTo(head.metadata());
      assertThat(item.blobType()).isEqualTo("BlockBlob");
    }
    assertThat(listed.get("dir").isFolder()).isTrue();
    listed.clear();
    eachPage(ListQuery.flat(""), listed::put);
    assertThat(listed.get("dir").metadata()).isEmpty();
  }

  @Test
  void contentHeadersTierAndTagsAreKept() throws IOException {
    BlobHeaders headers =
        new BlobHeaders(
            "gzip", "de", "attachment; filename=x", "no-cache", "Cool", Map.of("a b", "1:2/+=_"));
    PutOptions options = new PutOptions("text/x-test", "", Map.of(), headers, Conditions.NONE);
    service.put(container, "whole", BodySource.of(bytes(10)), options);
    service.putBlock(container, "blocks", id(1), BodySource.of(bytes(10)));
    service.putBlockList(container, "blocks", List.of(id(1)), options);
    for (String name : List.of("whole", "blocks")) {
      BlobProperties head = service.head(container, name);
      BlobHeaders told = head.details().headers();
      assertThat(told.contentEncoding()).isEqualTo("gzip");
      assertThat(told.contentLanguage()).isEqualTo("de");
      assertThat(told.contentDisposition()).isEqualTo("attachment; filename=x");
      assertThat(told.cacheControl()).isEqualTo("no-cache");
      assertThat(head.tier()).isEqualTo("Cool");
      assertThat(head.details().tagCount()).isEqualTo(1);
      assertThat(head.details().created()).isPositive();
      assertThat(head.details().leaseState()).isEqualTo("available");
      assertThat(service.tags(container, name)).isEqualTo(Map.of("a b", "1:2/+=_"));
    }
    Map<String, BlobProperties> listed = new TreeMap<>();
    eachPage(ListQuery.flat("").including(true, true), listed::put);
    BlobHeaders item = listed.get("whole").details().headers();
    assertThat(item.contentEncoding()).isEqualTo("gzip");
    assertThat(item.contentLanguage()).isEqualTo("de");
    assertThat(item.contentDisposition()).isEqualTo("attachment; filename=x");
    assertThat(item.cacheControl()).isEqualTo("no-cache");
    assertThat(item.tags()).isEqualTo(Map.of("a b", "1:2/+=_"));
    assertThat(listed.get("whole").tier()).isEqualTo("Cool");
  }

  @Test
  void propertiesAreReplacedAndMetadataStays() throws IOException {
    service.put(
        container,
        "b",
        BodySource.of(bytes(10)),
        new PutOptions("text/x-test", "", Map.of("k", "v"), Conditions.NONE));
    String before = service.head(container, "b").etag();
    PutOptions options =
        new PutOptions(
            "text/plain",
            "XUFAKrxLKna5cZ2REBfFkg==",
            Map.of(),
            new BlobHeaders("", "fr", "", "", "", Map.of()),
            Conditions.match(before));
    BlobProperties changed = service.setHeaders(container, "b", options);
    BlobProperties head = service.head(container, "b");
    assertThat(head.etag()).isEqualTo(changed.etag()).isNotEqualTo(before);
    assertThat(head.contentType()).isEqualTo("text/plain");
    assertThat(head.contentMd5()).isEqualTo("XUFAKrxLKna5cZ2REBfFkg==");
    assertThat(head.details().headers().contentLanguage()).isEqualTo("fr");
    assertThat(head.metadata()).isEqualTo(Map.of("k", "v"));
    refused(Errno.ESTALE, () -> service.setHeaders(container, "b", options));
  }

  @Test
  void tiersChangeWithoutANewVersion() throws IOException {
    String etag = put("b", "content").etag();
    service.setTier(container, "b", "Cool");
    assertThat(service.head(container, "b").tier()).isEqualTo("Cool");
    assertThat(service.head(container, "b").etag()).isEqualTo(etag);
    service.setTier(container, "b", "Archive");
    assertThat(service.head(container, "b").tier()).isEqualTo("Archive");
    refused(Errno.ENOENT, () -> service.setTier(container, "none", "Cool"));
  }

  @Test
  void aBlobWithoutALeaseHasNoneToBreak() throws IOException {
    put("b", "content");
    service.breakLease(container, "b");
    assertThat(service.head(container, "b").details().leaseState()).isIn("", "available");
    refused(Errno.ENOENT, () -> service.breakLease(container, "none"));
  }

  @Test
  void listingsTellTimesOfCreationWhereTheyAreAskedFor() throws IOException {
    put("d/b", "content");
    long created = service.head(container, "d/b").details().created();
    List<Long> told = new ArrayList<>();
    for (ListQuery query : List.of(ListQuery.flat("d/"), ListQuery.directory("d/"))) {
      String marker = "";
      do {
        marker =
            service.list(
                container,
                query.withCreated().from(marker),
                (name, blob) -> told.add(blob.details().created()));
      } while (!marker.isEmpty());
    }
    assertThat(told).hasSize(2).containsOnly(created);
    assertThat(created).isPositive();
  }

  @Test
  void tagsAreReplaced() throws IOException {
    put("b", "content");
    assertThat(service.tags(container, "b")).isEmpty();
    service.setTags(container, "b", Map.of("k", "v", "x", "1"));
    assertThat(service.tags(container, "b")).isEqualTo(Map.of("k", "v", "x", "1"));
    service.setTags(container, "b", Map.of("k", "w"));
    assertThat(service.tags(container, "b")).isEqualTo(Map.of("k", "w"));
    service.setTags(container, "b", Map.of());
    assertThat(service.tags(container, "b")).isEmpty();
  }

  @Test
  void tagsTheServiceDoesNotAllowAreRefused() throws IOException {
    put("b", "content");
    Map<String, String> many = new TreeMap<>();
    for (int i = 0; i < 11; i++) {
      many.put("k" + i, "v");
    }
    for (Map<String, String> tags :
        List.of(
            many,
            Map.of("", "v"),
            Map.of("k".repeat(129), "v"),
            Map.of("k", "v".repeat(257)),
            Map.of("k", "a&b"))) {
      refused(Errno.EINVAL, () -> service.setTags(container, "b", tags));
    }
  }

  @Test
  void copiesAreGivenTierAndTags() throws IOException {
    service.put(
        container,
        "b",
        BodySource.of(bytes(10)),
        new PutOptions(
            "",
            "",
            Map.of("k", "v"),
            new BlobHeaders("gzip", "", "", "", "", Map.of("t", "1")),
            Conditions.NONE));
    service.copy(
        container,
        "b",
        null,
        container,
        "copy",
        new CopyOptions(null, "Cool", Map.of("t", "2"), Conditions.NONE));
    BlobProperties copy = service.head(container, "copy");
    assertThat(copy.tier()).isEqualTo("Cool");
    assertThat(copy.metadata()).isEqualTo(Map.of("k", "v"));
    assertThat(copy.details().headers().contentEncoding()).isEqualTo("gzip");
    assertThat(copy.details().copyStatus()).isEqualTo("success");
    assertThat(copy.details().copySource()).endsWith(container + "/b");
    assertThat(service.tags(container, "copy")).isEqualTo(Map.of("t", "2"));
  }

  @Test
  void aBatchDeletesWhatItCanAndTellsOfTheRest() throws IOException {
    Map<String, Conditions> blobs = new LinkedHashMap<>();
    for (String name : names()) {
      blobs.put(name, Conditions.match(put(name, name).etag()));
    }
    blobs.put("none", Conditions.NONE);
    blobs.put("changed", Conditions.match(put("changed", "1").etag()));
    put("changed", "2");
    Map<String, ServiceException> refused = service.deleteBatch(container, blobs);
    assertThat(refused).containsOnlyKeys("none", "changed");
    assertThat(refused.get("changed").errno()).isEqualTo(Errno.ESTALE);
    assertThat(refused.get("none").code()).isEqualTo("BlobNotFound");
    assertThat(refused.get("none").errno()).isEqualTo(Errno.ENOENT);
    assertThat(listed(ListQuery.flat(""))).containsExactly("changed");
  }

  /** Whether the service under test knows Put Blob From URL and Put Block From URL. */
  boolean readsFromUrls() {
    return true;
  }

  @Test
  void theServiceReadsFromUrls() throws IOException {
    assumeTrue(readsFromUrls(), "this service knows no Put Blob From URL");
    byte[] content = bytes(100_000);
    service.put(
        container,
        "sp ace/ü",
        BodySource.of(content),
        new PutOptions(
            "text/x-test",
            "",
            Map.of("k", "v"),
            new BlobHeaders("gzip", "", "", "", "", Map.of()),
            Conditions.NONE));
    BlobProperties source = service.head(container, "sp ace/ü");
    CopySource from = service.copySource(container, "sp ace/ü", source);
    assertThat(from.toString()).doesNotContain("sig=");
    PutOptions absent = new PutOptions("", "", Map.of(), Conditions.ABSENT);
    BlobProperties made = service.putFromUrl(container, "whole", from, absent);
    BlobProperties whole = service.head(container, "whole");
    assertThat(whole.etag()).isEqualTo(made.etag());
    assertThat(whole.contentMd5()).isEqualTo(source.contentMd5());
    assertThat(whole.contentType()).isEqualTo("text/x-test");
    assertThat(whole.metadata()).isEqualTo(Map.of("k", "v"));
    assertThat(whole.details().headers().contentEncoding()).isEqualTo("gzip");
    refused(Errno.EEXIST, () -> service.putFromUrl(container, "whole", from, absent));
    service.putBlockFromUrl(container, "blocks", id(2), from, 60_000, 40_000);
    service.putBlockFromUrl(container, "blocks", id(1), from, 0, 60_000);
    service.putBlockList(container, "blocks", List.of(id(1), id(2)), PutOptions.NONE);
    for (String name : List.of("whole", "blocks")) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      service.get(container, name, GetRange.ALL, at(0, out));
      assertThat(out.toByteArray()).isEqualTo(content);
    }
    put("sp ace/ü", "another version");
    refused(Errno.ESTALE, () -> service.putFromUrl(container, "x", from, PutOptions.NONE));
    refused(Errno.ESTALE, () -> service.putBlockFromUrl(container, "x", id(1), from, 0, 10));
  }

  @Test
  void containers() throws IOException {
    refused(Errno.EEXIST, "ContainerAlreadyExists", () -> service.createContainer(container));
    assertThat(service.listContainers()).extracting(ContainerItem::name).contains(container);
    String other = container + "-2";
    service.createContainer(other);
    service.deleteContainer(other);
    assertThat(service.listContainers()).extracting(ContainerItem::name).doesNotContain(other);
    refused(Errno.ENOENT, "ContainerNotFound", () -> service.deleteContainer(other));
  }

  @Test
  void refusalsNameOperationBlobCodeAndRequest() {
    assertThatThrownBy(() -> service.head(container, "no ne"))
        .isInstanceOfSatisfying(
            ServiceException.class,
            e -> {
              assertThat(e.status()).isEqualTo(404);
              assertThat(e.requestId()).isNotEmpty();
              assertThat(e).hasMessageContaining(e.requestId());
            })
        .hasMessageContaining("head " + container + "/no ne")
        .hasMessageContaining("404 BlobNotFound")
        .hasMessageNotContaining("\n");
  }

  private BlobProperties put(String name, String content) throws IOException {
    return put(name, content, Conditions.NONE);
  }

  private BlobProperties put(String name, String content, Conditions conditions)
      throws IOException {
    return service.put(
        container,
        name,
        BodySource.of(content.getBytes(UTF_8)),
        new PutOptions("", "", Map.of(), conditions));
  }

  private String text(String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    service.get(container, name, GetRange.ALL, at(0, out));
    return out.toString(UTF_8);
  }

  /** Collects, and holds the service to give each byte once and in order. */
  static BodySink at(long start, ByteArrayOutputStream out) {
    return (offset, data) -> {
      assertThat(offset).isEqualTo(start + out.size());
      byte[] piece = new byte[data.remaining()];
      assertThat(piece).isNotEmpty();
      data.get(piece);
      out.write(piece);
    };
  }

  /** Pages without items may come before others. */
  private void eachPage(ListQuery query, ListVisitor visitor) throws IOException {
    String marker = service.list(container, query, visitor);
    while (!marker.isEmpty()) {
      marker = service.list(container, query.from(marker), visitor);
    }
  }

  private List<String> listed(ListQuery query) throws IOException {
    List<String> names = new ArrayList<>();
    eachPage(
        query,
        new ListVisitor() {
          @Override
          public void blob(String name, BlobProperties properties) {
            names.add(name);
          }

          @Override
          public void prefix(String name) {
            names.add(name);
          }
        });
    return names;
  }

  static String id(int n) {
    return Base64.getEncoder().encodeToString(("block-" + (1000 + n)).getBytes(UTF_8));
  }

  static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private static void refused(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            io.azcp.base.AzcpException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  private static void refused(Errno errno, String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ServiceException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.errno()).isEqualTo(errno);
            });
  }
}
