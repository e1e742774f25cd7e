package io.azcp.transfer.blob;

import io.azcp.transfer.blob.XmlScanner.Repeated;
import java.util.HashMap;
import java.util.Map;

/**
 * The details of one item of a listing while it is read. Few items have any that are not the
 * service's defaults; the others share {@link BlobDetails#NONE}. The time of creation is read only
 * where it was asked for: to understand a date costs as much as the rest of an item.
 */
final class ListedDetails {
  private final boolean withCreated;
  private final Repeated leaseStates = new Repeated();
  private boolean any;
  private long created = -1;
  private String contentEncoding = "";
  private String contentLanguage = "";
  private String contentDisposition = "";
  private String cacheControl = "";
  private String leaseState = "";
  private String archiveStatus = "";
  private int tagCount;
  private String tagKey = "";
  private Map<String, String> tags = Map.of();

  ListedDetails(boolean withCreated) {
    this.withCreated = withCreated;
  }

  /** Forgets the last item. */
  void reset() {
    if (any) {
      any = false;
      created = -1;
      contentEncoding = "";
      contentLanguage = "";
      contentDisposition = "";
      cacheControl = "";
      leaseState = "";
      archiveStatus = "";
      tagCount = 0;
      tags = Map.of();
    }
  }

  /** An element of the item has ended. */
  void end(String element, XmlScanner scanner) {
    switch (element) {
      case "Content-Encoding" -> contentEncoding = told(scanner);
      case "Content-Language" -> contentLanguage = told(scanner);
      case "Content-Disposition" -> contentDisposition = told(scanner);
      case "Cache-Control" -> cacheControl = told(scanner);
      case "LeaseState" -> lease(scanner.text(leaseStates));
      case "ArchiveStatus" -> archiveStatus = told(scanner);
      case "Creation-Time" -> created(scanner);
      case "TagCount" -> tagCount = (int) Math.max(0, ResponseHead.number(told(scanner)));
      case "Key" -> tagKey = scanner.text();
      case "Value" -> tag(told(scanner));
      default -> {
        // The service tells more than is asked for here.
      }
    }
  }

  private void created(XmlScanner scanner) {
    if (withCreated) {
      created = HttpDate.parse(scanner.text());
      any = true;
    }
  }

  private String told(XmlScanner scanner) {
    String text = scanner.text();
    any |= !text.isEmpty();
    return text;
  }

  private void lease(String state) {
    if (!state.equals("available")) {
      leaseState = state;
      any = true;
    }
  }

  private void tag(String value) {
    if (tags.isEmpty()) {
      tags = new HashMap<>();
    }
    tags.put(tagKey, value);
    tagCount = tags.size();
    any = true;
  }

  BlobDetails of(String tier) {
    if (!any) {
      return BlobDetails.NONE;
    }
    return new BlobDetails(
        new BlobHeaders(
            contentEncoding, contentLanguage, contentDisposition, cacheControl, tier, tags),
        created,
        leaseState,
        archiveStatus,
        "",
        "",
        tagCount);
  }
}
