package io.azcp.transfer.blob;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The operations that give a blob its content and its properties. */
record HttpWrites(HttpCalls calls) {

  /** The headers by which Put Blob, Put Block List and Put Blob From URL describe the new blob. */
  static RequestBuilder describe(RequestBuilder request, PutOptions options) throws IOException {
    return contentHeaders(request, options)
        .optional("x-ms-access-tier", options.headers().tier())
        .optional("x-ms-tags", BlobTags.header(options.headers().tags()))
        .metadata(options.metadata())
        .conditions(options.conditions());
  }

  private static RequestBuilder contentHeaders(RequestBuilder request, PutOptions options) {
    BlobHeaders headers = options.headers();
    // On Put Block List a Content-MD5 would be that of the list.
    return request
        .optional("x-ms-blob-content-type", options.contentType())
        .optional("x-ms-blob-content-md5", options.contentMd5())
        .optional("x-ms-blob-content-encoding", headers.contentEncoding())
        .optional("x-ms-blob-content-language", headers.contentLanguage())
        .optional("x-ms-blob-content-disposition", headers.contentDisposition())
        .optional("x-ms-blob-cache-control", headers.cacheControl());
  }

  BlobProperties put(String container, String name, BodySource body, PutOptions options)
      throws IOException {
    RequestBuilder request =
        calls.request("PUT", container, name).header("x-ms-blob-type", "BlockBlob");
    ResponseHead head =
        calls.call(
            describe(request, options).body(body), "put", HttpCalls.subject(container, name));
    return Answers.changed(head, body.length(), options);
  }

  void putBlock(String container, String name, String blockId, BodySource body) throws IOException {
    calls.call(
        calls
            .request("PUT", container, name)
            .query("comp", "block")
            .query("blockid", blockId)
            .body(body),
        "put block",
        HttpCalls.subject(container, name));
  }

  BlobProperties putBlockList(
      String container, String name, List<String> blockIds, PutOptions options) throws IOException {
    StringBuilder xml = new StringBuilder(64 + blockIds.size() * 90);
    xml.append("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
    blockIds.forEach(id -> xml.append("<Latest>").append(id).append("</Latest>"));
    xml.append("</BlockList>");
    RequestBuilder request = calls.request("PUT", container, name).query("comp", "blocklist");
    ResponseHead head =
        calls.call(
            describe(request, options).body(xml.toString()),
            "put block list",
            HttpCalls.subject(container, name));
    return calls.completed(container, name, head, options);
  }

  BlockList blockList(String container, String name) throws IOException {
    RequestBuilder request =
        calls
            .request("GET", container, name)
            .query("comp", "blocklist")
            .query("blocklisttype", "all");
    List<BlockList.Block> committed = new ArrayList<>();
    List<BlockList.Block> uncommitted = new ArrayList<>();
    String id = "";
    for (SimpleXml.Text text :
        calls.document(request, "get block list", HttpCalls.subject(container, name))) {
      if (text.path().endsWith("/Block/Name")) {
        id = text.value();
      } else if (text.path().endsWith("/Block/Size")) {
        boolean isCommitted = text.path().contains("/CommittedBlocks/");
        (isCommitted ? committed : uncommitted)
            .add(new BlockList.Block(id, ResponseHead.number(text.value())));
      }
    }
    return new BlockList(committed, uncommitted);
  }

  BlobProperties setMetadata(
      String container, String name, Map<String, String> metadata, Conditions conditions)
      throws IOException {
    ResponseHead head =
        calls.call(
            calls
                .request("PUT", container, name)
                .query("comp", "metadata")
                .metadata(metadata)
                .conditions(conditions),
            "set metadata of",
            HttpCalls.subject(container, name));
    return calls.completed(container, name, head, new PutOptions("", "", metadata, conditions));
  }

  BlobProperties setHeaders(String container, String name, PutOptions options) throws IOException {
    RequestBuilder request =
        calls
            .request("PUT", container, name)
            .query("comp", "properties")
            .conditions(options.conditions());
    ResponseHead head =
        calls.call(
            contentHeaders(request, options),
            "set properties of",
            HttpCalls.subject(container, name));
    return calls.completed(container, name, head, options);
  }

  void setTier(String container, String name, String tier) throws IOException {
    calls.call(
        calls
            .request("PUT", container, name)
            .query("comp", "tier")
            .header("x-ms-access-tier", tier),
        "set the tier of",
        HttpCalls.subject(container, name));
  }

  void breakLease(String container, String name) throws IOException {
    try {
      calls.call(
          calls
              .request("PUT", container, name)
              .query("comp", "lease")
              .header("x-ms-lease-action", "break")
              .header("x-ms-lease-break-period", "0"),
          "break the lease of",
          HttpCalls.subject(container, name));
    } catch (ServiceException e) {
      if (!e.code().equals("LeaseNotPresentWithLeaseOperation")) {
        throw e;
      }
    }
  }

  Map<String, String> tags(String container, String name) throws IOException {
    return BlobTags.of(
        calls.document(
            calls.request("GET", container, name).query("comp", "tags"),
            "get the tags of",
            HttpCalls.subject(container, name)));
  }

  void setTags(String container, String name, Map<String, String> tags) throws IOException {
    calls.call(
        calls.request("PUT", container, name).query("comp", "tags").body(BlobTags.xml(tags)),
        "set the tags of",
        HttpCalls.subject(container, name));
  }

  void delete(String container, String name, Conditions conditions) throws IOException {
    calls.call(
        calls
            .request("DELETE", container, name)
            .header("x-ms-delete-snapshots", "include")
            .conditions(conditions),
        "delete",
        HttpCalls.subject(container, name));
  }
}
