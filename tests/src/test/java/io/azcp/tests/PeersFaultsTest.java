package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.FaultProxy.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Faults of the tools our users come from; ours has none of them.
 *
 * <table>
 * <caption>Where each is proved</caption>
 * <tr><th>The peers' fault<th>Test
 * <tr><td>A failed download leaves a full-size file that the next sync calls unchanged
 *     <td>SyncJobTest.peersFault1…, {@link #aFailedDownloadLeavesNothingUnderTheFilesName}
 * <tr><td>A short range answer is accepted
 *     <td>HttpBlobServiceTest.otherBytesThanWereAskedForAreNeverHandedOn,
 *     {@link UnreliableNetworkTest}
 * <tr><td>{@code rm p -r} deletes {@code pp/…} <td>{@link #aPrefixIsADirectory}
 * <tr><td>{@code #}, {@code ?}, {@code %41}, trailing blanks hit another blob
 *     <td>{@link SdkInteropTest}
 * <tr><td>One unreadable file aborts the upload, unnamed
 *     <td>{@link #oneFileThatCannotBeReadIsNamedAndTheRestGoesOn}
 * <tr><td>{@code --workers N} copies a single file N times
 *     <td>ShardTest.hasABinForEachWorker
 * <tr><td>Warnings on stdout corrupt the TSV <td>{@link #machineReadableListingsAreTheListingAlone}
 * <tr><td>A stalled server hangs for ever
 *     <td>{@link UnreliableNetworkTest#aServerThatStallsForEverEndsInAnErrorThatNamesTheFile}
 * <tr><td>{@code copy -r URL/path dir} without the slash gives 404
 *     <td>{@link #aDirectoryNeedsNoTrailingSlash}
 * <tr><td>{@code --no-overwrite} ignored on download <td>{@link #noOverwriteHoldsForDownloads}
 * <tr><td>Keys printed by {@code env} <td>EnvCommandTest
 * <tr><td>No token refresh, no ETag pin
 *     <td>io.azcp.transfer.identity, DownloadJobTest
 * <tr><td>Memory grows with the number of files <td>io.azcp.bench (docs/benchmarks.md)
 * <tr><td>An immediate second sync uploads everything again
 *     <td>SyncJobTest.peersFault15…
 * <tr><td>20 TB deleted after a listing hiccup <td>SyncJobTest.peersFault16…
 * <tr><td>2 s floor per call <td>{@link #aListingIsOneRequest}
 * <tr><td>Exit 0 with nothing copied <td>{@link #nothingCopiedIsAnError}
 * <tr><td>Hangs at 99 % <td>{@link #theLastAnswerLostDoesNotHang}
 * </table>
 *
 * <p>No resume when killed while scanning, and plan files that fill the disk, belong to resumable
 * jobs; until then an interrupted transfer says that a rerun goes on from the finished files
 * ({@link EndedTransferTest}).
 */
class PeersFaultsTest extends ProxiedCase {
  @Test
  void aFailedDownloadLeavesNothingUnderTheFilesName() throws Exception {
    byte[] content = new byte[9 << 20];
    new java.util.Random(2).nextBytes(content);
    lab.upload("p/large", content);
    proxy.always(r -> r.gets("large") && r.range().contains("=8388608-") ? Fault.cut(10) : null);
    Checkout.Result failed =
        lab.azcp("copy", "-r", lab.url("p"), target.toString(), "--max-retries", "0");
    assertThat(failed.code()).as(failed.toString()).isEqualTo(1);
    assertThat(failed.err()).contains("large");
    // What came waits for the next run under a name that nothing shows.
    assertThat(FileTrees.read(target).keySet()).allMatch(name -> name.startsWith(".azcp-"));

    proxy.always(r -> null);
    lab.ok("copy", "-r", lab.url("p"), target.toString());
    FileTrees.assertSame(FileTrees.read(target), Map.of("large", content));
  }

  @Test
  void aPrefixIsADirectory() {
    lab.upload("p/a", "1");
    lab.upload("p/b/c", "2");
    lab.upload("pp/other", "3");
    lab.upload("p.txt", "4");
    lab.ok("rm", "-r", lab.url("p"));
    assertThat(lab.blobs()).containsExactly("p.txt", "pp/other");
  }

  @Test
  void oneFileThatCannotBeReadIsNamedAndTheRestGoesOn() throws Exception {
    Path source = Files.createDirectory(lab.folder.resolve("source"));
    Files.writeString(source.resolve("good"), "x");
    Files.writeString(source.resolve("ends-in-a-dot."), "x");
    Files.writeString(source.resolve("also-good"), "x");
    Checkout.Result up = lab.azcp("copy", "-r", source.toString(), lab.url("up"));
    assertThat(up.code()).as(up.toString()).isEqualTo(1);
    assertThat(up.err()).contains("ends-in-a-dot.");
    assertThat(up.out()).contains("Succeeded: 2", "Failed:    1");
    assertThat(lab.blobs()).containsExactlyInAnyOrder("up/good", "up/also-good");
  }

  @Test
  void machineReadableListingsAreTheListingAlone() {
    lab.sdk()
        .setAccessPolicy(
            com.azure.storage.blob.models.PublicAccessType.CONTAINER, java.util.List.of());
    lab.upload("a", "12345");
    String anonymous = lab.url("").replaceAll("\\?.*", "");
    Checkout.Result listed = lab.ok("ls", "--machine-readable", anonymous);
    assertThat(listed.out().lines()).singleElement().asString().matches("a\t5\t.*");
    assertThat(listed.err().lines().filter(l -> l.contains("anonymous"))).hasSizeLessThan(2);
  }

  @Test
  void aDirectoryNeedsNoTrailingSlash() throws Exception {
    lab.upload("some/path/f", "x");
    lab.ok("copy", "-r", lab.url("some/path"), target.toString());
    assertThat(target.resolve("f")).hasContent("x");
  }

  @Test
  void noOverwriteHoldsForDownloads() throws Exception {
    lab.upload("d/f", "remote");
    lab.upload("d/g", "remote");
    Files.createDirectory(target);
    Files.writeString(target.resolve("f"), "mine");
    Checkout.Result down = lab.ok("copy", "-r", "--no-overwrite", lab.url("d"), target.toString());
    assertThat(down.out()).contains("Skipped:   1");
    assertThat(target.resolve("f")).hasContent("mine");
    assertThat(target.resolve("g")).hasContent("remote");
  }

  @Test
  void aListingIsOneRequest() {
    for (int i = 0; i < 10; i++) {
      lab.upload("ten/" + i, "x");
    }
    lab.ok("ls", lab.url("ten/"));
    assertThat(proxy.requests()).hasSize(1);
  }

  @Test
  void nothingCopiedIsAnError() throws Exception {
    Checkout.Result down = lab.azcp("copy", "-r", lab.url("none"), target.toString());
    assertThat(down.code()).as(down.toString()).isEqualTo(1);
    assertThat(down.err()).contains("none");
    Path empty = Files.createDirectory(lab.folder.resolve("empty"));
    assertThat(lab.azcp("copy", "-r", empty.toString(), lab.url("up")).code()).isEqualTo(1);
  }

  @Test
  void theLastAnswerLostDoesNotHang() throws Exception {
    Path source = lab.folder.resolve("source");
    Map<String, byte[]> files = FileTrees.write(source, 30, 1000, 9);
    proxy.next(r -> r.path().endsWith("/f29"), Fault.dropAnswer());
    lab.ok("copy", "-r", source.toString(), lab.url("s"));
    proxy.next(r -> r.gets("f29"), Fault.cut(1));
    lab.ok("copy", "-r", lab.url("s"), target.toString());
    FileTrees.assertSame(FileTrees.read(target), files);
  }
}
