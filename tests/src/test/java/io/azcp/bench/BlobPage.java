package io.azcp.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Map;

/** One page of a listing as the service writes it, entries as full as its own. */
final class BlobPage {
  /** The most entries of a page. */
  private static final int LARGEST = 5000;

  private static final String MARKER = "2!mk!";

  private final Dataset dataset;
  private final Digests digests;
  private final String prefix;
  private final boolean hierarchical;
  private final int most;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(LARGEST * 800);

  /** The entry of one blob; only name and MD5 differ from one to the next. */
  private final byte[] entry;

  private final int nameAt;
  private final int md5At;

  private BlobPage(Dataset dataset, Digests digests, Map<String, String> query) {
    this.dataset = dataset;
    this.digests = digests;
    this.prefix = query.getOrDefault("prefix", "");
    this.hierarchical = query.containsKey("delimiter");
    this.most = Math.min(LARGEST, Integer.parseInt(query.getOrDefault("maxresults", "5000")));
    String start = "<Blob><Name>";
    String beforeMd5 =
        start
            + dataset.name(0)
            + "</Name><Properties><Creation-Time>"
            + Session.MODIFIED
            + "</Creation-Time><Last-Modified>"
            + Session.MODIFIED
            + "</Last-Modified><Etag>"
            + Session.ETAG
            + "</Etag><Content-Length>"
            + dataset.size()
            + "</Content-Length><Content-Type>application/octet-stream</Content-Type>"
            + "<Content-Encoding /><Content-Language /><Content-CRC64 /><Content-MD5>";
    this.nameAt = start.length();
    this.md5At = beforeMd5.length();
    this.entry =
        ascii(
            beforeMd5
                + digests.md5(dataset, 0)
                + "</Content-MD5><Cache-Control /><Content-Disposition />"
                + "<BlobType>BlockBlob</BlobType><AccessTier>Hot</AccessTier>"
                + "<AccessTierInferred>true</AccessTierInferred>"
                + "<LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>"
                + "<ServerEncrypted>true</ServerEncrypted></Properties><OrMetadata /></Blob>");
  }

  /** The document that answers List Blobs. */
  static byte[] of(Dataset dataset, Digests digests, Map<String, String> query) {
    var page = new BlobPage(dataset, digests, query);
    String marker = query.getOrDefault("marker", "");
    page.write(
        marker.isEmpty()
            ? dataset.firstFrom(page.prefix)
            : Integer.parseInt(marker.substring(MARKER.length())));
    return page.out.toByteArray();
  }

  private void write(int first) {
    append("\u00ef\u00bb\u00bf<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults");
    append(" ServiceEndpoint=\"http://localhost/\" ContainerName=\"" + dataset.name());
    append("\"><Blobs>");
    // The names are in order: those with the prefix lie together.
    int end = dataset.firstFrom(prefix + '\uffff');
    int next = first;
    for (int entries = 0; entries < most && next < end; entries++) {
      next = hierarchical && aboveDirectories() ? directory(next) : blob(next);
    }
    append("</Blobs><NextMarker>" + (next < end ? MARKER + next : ""));
    append("</NextMarker></EnumerationResults>");
  }

  private boolean aboveDirectories() {
    return prefix.indexOf('/') < 0;
  }

  /** Writes a directory and answers the first blob behind it. */
  private int directory(int blob) {
    append("<BlobPrefix><Name>" + dataset.directory(blob) + "/</Name></BlobPrefix>");
    return (blob / dataset.perDirectory() + 1) * dataset.perDirectory();
  }

  private int blob(int blob) {
    dataset.putName(blob, entry, nameAt);
    byte[] md5 = ascii(digests.md5(dataset, blob));
    System.arraycopy(md5, 0, entry, md5At, md5.length);
    out.writeBytes(entry);
    return blob + 1;
  }

  private void append(String text) {
    out.writeBytes(ascii(text));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
