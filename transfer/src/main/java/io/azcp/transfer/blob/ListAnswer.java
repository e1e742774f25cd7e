package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.XmlScanner.Repeated;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Understands the answer to List Blobs while it is read, and hands each item on at once. Element
 * names below {@code Metadata} are a user's and may look like any other.
 */
final class ListAnswer implements XmlScanner.Handler {
  private final ListVisitor visitor;
  private final XmlScanner scanner = new XmlScanner(this);

  /** Whether an item is being read: a blob, or a prefix. */
  private boolean inItem;

  /** How deep below the item's {@code Metadata} the scanner is; 0 outside of it. */
  private int metadataDepth;

  private boolean encoded;
  private boolean done;
  private String marker = "";
  private String name = "";
  private String etag = "";
  private long length;
  private long lastModified;
  private String contentType = "";
  private String contentMd5 = "";
  private String blobType = "";
  private String tier = "";
  private Map<String, String> metadata = Map.of();

  // Most items have most in common.
  private final Repeated dates = new Repeated();
  private final Repeated contentTypes = new Repeated();
  private final Repeated blobTypes = new Repeated();
  private final Repeated tiers = new Repeated();
  private String lastDate = "";
  private long lastTime = -1;
  private final ListedDetails details;

  /** Hands items on, with the time of their creation where that is wanted. */
  ListAnswer(ListVisitor visitor, boolean withCreated) {
    this.visitor = visitor;
    this.details = new ListedDetails(withCreated);
  }

  XmlScanner scanner() {
    return scanner;
  }

  /** Where the next page starts, empty after the last; meaningful once {@link #complete()}. */
  String marker() {
    return marker;
  }

  /** Whether the answer came to its end. */
  boolean complete() {
    return done;
  }

  @Override
  public void start(String element, String attributes) {
    if (metadataDepth > 0) {
      metadataDepth++;
      return;
    }
    switch (element) {
      case "Blob", "BlobPrefix" -> reset();
      case "Metadata" -> metadataDepth = inItem ? 1 : 0;
      case "Name" -> encoded = inItem && attributes.contains("Encoded=\"true\"");
      default -> {
        // What it holds is read at its end.
      }
    }
  }

  private void reset() {
    inItem = true;
    encoded = false;
    name = "";
    etag = "";
    length = 0;
    lastModified = 0;
    contentType = "";
    contentMd5 = "";
    blobType = "";
    tier = "";
    details.reset();
    metadata = Map.of();
  }

  @Override
  public void end(String element) throws IOException {
    if (metadataDepth > 0) {
      metadataDepth--;
      if (metadataDepth == 1) {
        add(element, scanner.text());
      }
    } else if (inItem) {
      endInItem(element);
    } else if (element.equals("NextMarker")) {
      marker = scanner.text();
    } else if (element.equals("EnumerationResults")) {
      done = true;
    }
  }

  private void endInItem(String element) throws IOException {
    switch (element) {
      case "Name" -> name = encoded ? decoded(scanner.text()) : scanner.text();
      case "Etag" -> etag = Answers.unquoted(scanner.text());
      case "Content-Length" -> length = ResponseHead.number(scanner.text());
      case "Last-Modified" -> lastModified = date(scanner.text(dates));
      case "Content-Type" -> contentType = scanner.text(contentTypes);
      case "Content-MD5" -> contentMd5 = scanner.text();
      case "BlobType" -> blobType = scanner.text(blobTypes);
      case "AccessTier" -> tier = scanner.text(tiers);
      case "ResourceType" -> {
        if (scanner.text().equals("directory")) {
          add(BlobProperties.IS_FOLDER, "true");
        }
      }
      case "Blob" -> {
        inItem = false;
        visitor.blob(name, item());
      }
      case "BlobPrefix" -> {
        inItem = false;
        visitor.prefix(name);
      }
      default -> details.end(element, scanner);
    }
  }

  private void add(String key, String value) {
    if (metadata.isEmpty()) {
      metadata = new HashMap<>();
    }
    metadata.put(key, value);
  }

  @SuppressWarnings("ReferenceEquality")
  private long date(String text) {
    if (text != lastDate) {
      lastDate = text;
      lastTime = HttpDate.parse(text);
    }
    return lastTime;
  }

  private BlobProperties item() {
    return new BlobProperties(
        etag,
        length,
        lastModified,
        contentType,
        contentMd5,
        blobType,
        tier,
        metadata,
        details.of(tier));
  }

  private static String decoded(String text) throws AzcpException {
    try {
      return NameEncoding.decode(text);
    } catch (IllegalArgumentException e) {
      throw new AzcpException(
          Errno.EPROTO,
          "the service listed the encoded name '" + text + "', which is not: " + e.getMessage(),
          e);
    }
  }
}
