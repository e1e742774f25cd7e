package io.azcp.transfer.blob.strict;

import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.ListVisitor;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.NameEncoding;
import java.io.IOException;
import java.util.Map;

/**
 * Listings as the service may write them: before every page comes an empty one that only has a
 * marker, ETags are without quotes, names that XML cannot hold are encoded, and each blob has its
 * version.
 */
final class StrictListing {
  private static final String AFTER_EMPTY = "after-empty!";

  private final MemoryBlobService blobs;
  private final boolean hierarchical;

  StrictListing(MemoryBlobService blobs, boolean hierarchical) {
    this.blobs = blobs;
    this.hierarchical = hierarchical;
  }

  StrictAnswer containers() throws IOException {
    StringBuilder xml = new StringBuilder("<EnumerationResults><Containers>");
    for (var container : blobs.listContainers()) {
      xml.append("<Container><Name>").append(container.name()).append("</Name><Properties>");
      element(xml, "Last-Modified", StrictAnswer.date(container.lastModified()));
      xml.append("</Properties></Container>");
    }
    xml.append("</Containers><NextMarker/></EnumerationResults>");
    return new StrictAnswer(200).document(xml.toString());
  }

  StrictAnswer blobs(String container, StrictRequest request) throws IOException, StrictRefusal {
    String marker = request.parameter("marker");
    StringBuilder xml = new StringBuilder("<EnumerationResults><Blobs>");
    String next;
    if (!marker.startsWith(AFTER_EMPTY)) {
      next = AFTER_EMPTY + marker;
      // An absent container is refused on the empty page, too.
      blobs.list(container, new ListQuery("", false, "", 1, false), (name, blob) -> {});
    } else {
      String from = marker.substring(AFTER_EMPTY.length());
      next = blobs.list(container, query(request, from), new Writer(xml, hierarchical));
    }
    xml.append("</Blobs>");
    element(xml, "NextMarker", next);
    return new StrictAnswer(200).document(xml.append("</EnumerationResults>").toString());
  }

  private static ListQuery query(StrictRequest request, String marker) throws StrictRefusal {
    String include = request.parameter("include");
    String delimiter = request.parameter("delimiter");
    if (!delimiter.isEmpty() && !delimiter.equals("/")) {
      throw new StrictRefusal(400, "InvalidQueryParameterValue");
    }
    int max =
        request.parameter("maxresults").isEmpty()
            ? ListQuery.MAX_PAGE
            : Integer.parseInt(request.parameter("maxresults"));
    return new ListQuery(
        request.parameter("prefix"),
        !delimiter.isEmpty(),
        marker,
        max,
        include.contains("metadata"),
        include.contains("tags"));
  }

  private static void element(StringBuilder xml, String name, String value) {
    if (value.isEmpty()) {
      xml.append('<').append(name).append(" />");
    } else {
      xml.append('<').append(name).append('>').append(escaped(value));
      xml.append("</").append(name).append('>');
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static void name(StringBuilder xml, String name) {
    boolean holdable = name.codePoints().allMatch(StrictListing::inXml);
    if (holdable) {
      element(xml, "Name", name);
    } else {
      xml.append("<Name Encoded=\"true\">").append(NameEncoding.path(name)).append("</Name>");
    }
  }

  private static boolean inXml(int c) {
    return c >= ' ' && c != 0x7f && c != 0xFFFE && c != 0xFFFF;
  }

  /** Writes items. */
  private record Writer(StringBuilder xml, boolean hierarchical) implements ListVisitor {
    @Override
    public void prefix(String prefix) {
      xml.append("<BlobPrefix>");
      name(xml, prefix);
      xml.append("</BlobPrefix>");
    }

    @Override
    public void blob(String blobName, BlobProperties blob) {
      var headers = blob.details().headers();
      xml.append("<Blob>");
      name(xml, blobName);
      element(xml, "VersionId", StrictProperties.versionId(blob));
      xml.append("<IsCurrentVersion>true</IsCurrentVersion><Properties>");
      element(xml, "Creation-Time", StrictAnswer.date(blob.details().created()));
      element(xml, "Last-Modified", StrictAnswer.date(blob.lastModified()));
      element(xml, "Etag", blob.etag());
      if (hierarchical && blob.isFolder()) {
        element(xml, "ResourceType", "directory");
      }
      element(xml, "Content-Length", Long.toString(blob.length()));
      element(xml, "Content-Type", blob.contentType());
      element(xml, "Content-Encoding", headers.contentEncoding());
      element(xml, "Content-Language", headers.contentLanguage());
      element(xml, "Content-CRC64", "");
      element(xml, "Content-MD5", blob.contentMd5());
      element(xml, "Cache-Control", headers.cacheControl());
      element(xml, "Content-Disposition", headers.contentDisposition());
      element(xml, "BlobType", blob.blobType());
      element(xml, "AccessTier", blob.tier());
      element(xml, "LeaseStatus", "unlocked");
      element(xml, "LeaseState", "available");
      if (blob.details().tagCount() > 0) {
        element(xml, "TagCount", Integer.toString(blob.details().tagCount()));
      }
      xml.append("</Properties>");
      if (!blob.metadata().isEmpty()) {
        xml.append("<Metadata>");
        blob.metadata().forEach((key, value) -> element(xml, key, value));
        xml.append("</Metadata>");
      }
      tags(headers.tags());
      xml.append("<OrMetadata /></Blob>");
    }

    private void tags(Map<String, String> tags) {
      if (!tags.isEmpty()) {
        xml.append("<Tags>").append(tagSet(tags)).append("</Tags>");
      }
    }
  }

  static String tagSet(Map<String, String> tags) {
    StringBuilder xml = new StringBuilder("<TagSet>");
    tags.forEach(
        (key, value) -> {
          xml.append("<Tag>");
          element(xml, "Key", key);
          element(xml, "Value", value);
          xml.append("</Tag>");
        });
    return xml.append("</TagSet>").toString();
  }
}
