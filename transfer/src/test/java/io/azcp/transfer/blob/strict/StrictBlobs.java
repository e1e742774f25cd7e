package io.azcp.transfer.blob.strict;

import io.azcp.base.AzcpException;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlockList;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.GetRange;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.NameEncoding;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.blob.ServiceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operations, each as a request is understood and its answer written. */
final class StrictBlobs {
  private static final Pattern LISTED = Pattern.compile("<(Latest|Committed|Uncommitted)>([^<]*)<");
  private static final Pattern TAG =
      Pattern.compile("<Tag><Key>([^<]+)</Key><Value>([^<]*)</Value></Tag>");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

  private final String account;
  private final MemoryBlobService blobs;
  private final StrictListing listing;
  private final StrictCopies copies;

  StrictBlobs(String account, MemoryBlobService blobs, StrictListing listing, StrictCopies copies) {
    this.account = account;
    this.blobs = blobs;
    this.listing = listing;
    this.copies = copies;
  }

  StrictAnswer handle(StrictRequest request) throws IOException, StrictRefusal {
    String[] place = request.place();
    if (!place[0].equals(account)) {
      throw new StrictRefusal(400, "InvalidUri");
    }
    checkMd5(request);
    try {
      if (place[2].isEmpty()) {
        return container(request, place[1]);
      }
      return blob(request, place[1], held(place[2]));
    } catch (ServiceException e) {
      throw new StrictRefusal(e.status(), e.code());
    } catch (AzcpException e) {
      throw new StrictRefusal(400, "InvalidInput");
    }
  }

  /** The name under which the service keeps what was sent. */
  private static String held(String name) throws StrictRefusal {
    String kept = name.replace('\\', '/').replaceAll("\\.+(?=/|$)", "");
    boolean tooLong =
        kept.length() > NameEncoding.MAX_CHARACTERS
            || kept.chars().filter(c -> c == '/').count() >= NameEncoding.MAX_SEGMENTS;
    if (tooLong || kept.isEmpty()) {
      throw new StrictRefusal(400, "InvalidUri");
    }
    return kept;
  }

  private static void checkMd5(StrictRequest request) throws StrictRefusal {
    String told = request.header("content-md5");
    if (!told.isEmpty() && !told.equals(md5(request.body()))) {
      throw new StrictRefusal(400, "Md5Mismatch");
    }
  }

  private static String md5(byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private StrictAnswer container(StrictRequest request, String container)
      throws IOException, StrictRefusal {
    String comp = request.parameter("comp");
    if (container.isEmpty() && request.method().equals("GET") && comp.equals("list")) {
      return listing.containers();
    }
    if (container.isEmpty() || !request.parameter("restype").equals("container")) {
      throw new StrictRefusal(400, "InvalidQueryParameterValue");
    }
    switch (request.method() + " " + comp) {
      case "PUT " -> {
        blobs.createContainer(container);
        return new StrictAnswer(201);
      }
      case "DELETE " -> {
        blobs.deleteContainer(container);
        return new StrictAnswer(202);
      }
      case "GET list" -> {
        return listing.blobs(container, request);
      }
      default -> throw new StrictRefusal(405, "UnsupportedHttpVerb");
    }
  }

  private StrictAnswer blob(StrictRequest request, String container, String name)
      throws IOException, StrictRefusal {
    String operation = request.method() + " " + request.parameter("comp");
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      copies.checkNotPending(container, name);
    }
    boolean fromUrl = request.headers().containsKey("x-ms-copy-source");
    return switch (operation) {
      case "PUT " -> fromUrl ? fromUrl(request, container, name) : put(request, container, name);
      case "PUT block" -> block(request, container, name, fromUrl);
      case "PUT blocklist" -> commit(request, container, name);
      case "PUT metadata" -> metadata(request, container, name);
      case "PUT properties" ->
          changed(200, blobs.setHeaders(container, name, StrictProperties.of(request)));
      case "PUT tier" -> tier(request, container, name);
      case "PUT lease" -> breakLease(request, container, name);
      case "PUT tags" -> setTags(request, container, name);
      case "GET tags" -> tags(container, name);
      case "GET blocklist" -> blockList(container, name);
      case "GET " -> get(request, container, name);
      case "HEAD " -> head(request, container, name);
      case "DELETE " -> delete(request, container, name);
      default -> throw new StrictRefusal(400, "InvalidQueryParameterValue");
    };
  }

  private static StrictAnswer changed(int status, BlobProperties blob) {
    return StrictProperties.version(new StrictAnswer(status), blob);
  }

  private StrictAnswer put(StrictRequest request, String container, String name)
      throws IOException, StrictRefusal {
    if (!request.header("x-ms-blob-type").equals("BlockBlob")) {
      throw new StrictRefusal(400, "InvalidHeaderValue");
    }
    BodySource body = BodySource.of(request.body());
    BlobProperties made = blobs.put(container, name, body, StrictProperties.of(request));
    return changed(201, made).with("Content-MD5", md5(request.body()));
  }

  private StrictAnswer fromUrl(StrictRequest request, String container, String name)
      throws IOException, StrictRefusal {
    if (request.body().length > 0) {
      throw new StrictRefusal(400, "InvalidHeaderValue");
    }
    if (!request.headers().containsKey("x-ms-blob-type")) {
      return copies.copy(request, container, name);
    }
    StrictCopies.Fetched source = copies.fetch(request, "");
    PutOptions options = source.orElse(StrictProperties.of(request));
    BlobProperties made = blobs.put(container, name, BodySource.of(source.bytes()), options);
    return changed(201, made).with("Content-MD5", md5(source.bytes()));
  }

  private StrictAnswer block(StrictRequest request, String container, String name, boolean fromUrl)
      throws IOException, StrictRefusal {
    byte[] bytes =
        fromUrl
            ? copies.fetch(request, request.header("x-ms-source-range")).bytes()
            : request.body();
    blobs.putBlock(container, name, request.parameter("blockid"), BodySource.of(bytes));
    return new StrictAnswer(201).with("Content-MD5", md5(bytes));
  }

  private StrictAnswer commit(StrictRequest request, String container, String name)
      throws IOException, StrictRefusal {
    String xml = new String(request.body(), StandardCharsets.UTF_8);
    List<String> ids = new ArrayList<>();
    Matcher listed = LISTED.matcher(xml);
    while (listed.find()) {
      ids.add(listed.group(2));
    }
    return changed(201, blobs.putBlockList(container, name, ids, StrictProperties.of(request)));
  }

  private StrictAnswer metadata(StrictRequest request, String container, String name)
      throws IOException, StrictRefusal {
    return changed(
        200,
        blobs.setMetadata(
            container, name, StrictProperties.metadata(request), request.conditions()));
  }

  private StrictAnswer tier(StrictRequest request, String container, String name)
      throws IOException {
    blobs.setTier(container, name, request.header("x-ms-access-tier"));
    return new StrictAnswer(200);
  }

  /** No blob has one here. */
  private StrictAnswer breakLease(StrictRequest request, String container, String name)
      throws IOException, StrictRefusal {
    if (!request.header("x-ms-lease-action").equals("break")) {
      throw new StrictRefusal(400, "InvalidHeaderValue");
    }
    blobs.head(container, name);
    throw new StrictRefusal(409, "LeaseNotPresentWithLeaseOperation");
  }

  private StrictAnswer setTags(StrictRequest request, String container, String name)
      throws IOException {
    var tags = new java.util.TreeMap<String, String>();
    Matcher tag = TAG.matcher(new String(request.body(), StandardCharsets.UTF_8));
    while (tag.find()) {
      tags.put(tag.group(1), tag.group(2));
    }
    blobs.setTags(container, name, tags);
    return new StrictAnswer(204);
  }

  private StrictAnswer tags(String container, String name) throws IOException {
    String set = StrictListing.tagSet(blobs.tags(container, name));
    return new StrictAnswer(200).document("<Tags>" + set + "</Tags>");
  }

  private StrictAnswer blockList(String container, String name) throws IOException {
    BlockList list = blobs.blockList(container, name);
    StringBuilder xml = new StringBuilder("<BlockList><CommittedBlocks>");
    blocks(xml, list.committed());
    xml.append("</CommittedBlocks><UncommittedBlocks>");
    blocks(xml, list.uncommitted());
    return new StrictAnswer(200)
        .document(xml.append("</UncommittedBlocks></BlockList>").toString());
  }

  private static void blocks(StringBuilder xml, List<BlockList.Block> blocks) {
    for (BlockList.Block block : blocks) {
      xml.append("<Block><Name>").append(block.id()).append("</Name><Size>");
      xml.append(block.length()).append("</Size></Block>");
    }
  }

  private StrictAnswer head(StrictRequest request, String container, String name)
      throws IOException, StrictRefusal {
    BlobProperties blob = blobs.head(container, name);
    String match = request.conditions().ifMatch();
    if (match != null && !match.equals(blob.etag())) {
      throw new StrictRefusal(412, "ConditionNotMet");
    }
    StrictAnswer answer = new StrictAnswer(200);
    StrictProperties.tell(answer, blob, false);
    copies.tell(answer, container, name, blob);
    return answer.with("Content-Length", Long.toString(blob.length()));
  }

  private StrictAnswer get(StrictRequest request, String container, String name)
      throws IOException, StrictRefusal {
    String asked = request.header("x-ms-range");
    Matcher range = RANGE.matcher(asked.isEmpty() ? request.header("range") : asked);
    boolean ranged = range.matches();
    long from = ranged ? Long.parseLong(range.group(1)) : 0;
    long length =
        !ranged || range.group(2).isEmpty() ? -1 : Long.parseLong(range.group(2)) - from + 1;
    var bytes = new ByteArrayOutputStream();
    BlobProperties blob =
        blobs.get(
            container,
            name,
            GetRange.of(from, length, request.conditions().ifMatch()),
            (offset, data) -> {
              byte[] piece = new byte[data.remaining()];
              data.get(piece);
              bytes.writeBytes(piece);
            });
    StrictAnswer answer = new StrictAnswer(ranged ? 206 : 200).content(bytes.toByteArray());
    StrictProperties.tell(answer, blob, ranged);
    if (ranged) {
      long end = from + bytes.size() - 1;
      answer.with("Content-Range", "bytes " + from + "-" + end + "/" + blob.length());
    }
    return answer;
  }

  private StrictAnswer delete(StrictRequest request, String container, String name)
      throws IOException, StrictRefusal {
    String snapshots = request.header("x-ms-delete-snapshots");
    if (!snapshots.isEmpty() && !snapshots.equals("include") && !snapshots.equals("only")) {
      throw new StrictRefusal(400, "InvalidHeaderValue");
    }
    blobs.delete(container, name, request.conditions());
    return new StrictAnswer(202).with("x-ms-delete-type-permanent", "true");
  }
}
