package io.azcp.transfer.blob;

import io.azcp.transfer.blob.TransportException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The Blob service over HTTP/1.1: each call is one request on one connection, sent and read by the
 * calling thread. No call is repeated here; {@link RetryingBlobService} does that. No redirect is
 * followed. Loopback or not, no proxy is used.
 */
final class HttpBlobService implements BlobService {
  /** How long a copy may stay pending; within an account it usually is over at once. */
  private static final long COPY_LIMIT_NANOS = TimeUnit.HOURS.toNanos(1);

  private static final long SLOWEST_POLL_MILLIS = 2000;

  private final RequestBuilder.Endpoint endpoint;
  private final Refusal refusal;
  private final Connections connections;

  /** A client of one account; connects when it is first used. */
  HttpBlobService(BlobUrl account, Credential credential, ClientOptions options)
      throws IOException {
    this.endpoint = RequestBuilder.Endpoint.of(account.at("", "").withSas(""), options, credential);
    this.refusal = new Refusal(endpoint);
    this.connections =
        new Connections(account, options, account.secure() ? TlsLibrary.choose(options) : null);
  }

  @Override
  public BlobUrl account() {
    return endpoint.account();
  }

  private RequestBuilder request(String method, String container, String name) {
    return new RequestBuilder(endpoint, method, container, name);
  }

  private static String subject(String container, String name) {
    return name.isEmpty() ? container : container + "/" + name;
  }

  /** A request whose answer is told by its head. */
  private ResponseHead call(RequestBuilder request, String operation, String subject)
      throws IOException {
    try (Exchange exchange = Exchange.of(connections, request.build())) {
      if (exchange.head().status() >= 300) {
        throw refusal.of(exchange, operation, subject);
      }
      exchange.drain();
      return exchange.head();
    }
  }

  /** A request whose answer is a small document. */
  private List<SimpleXml.Text> document(RequestBuilder request, String operation, String subject)
      throws IOException {
    SimpleXml xml = new SimpleXml();
    try (Exchange exchange = Exchange.of(connections, request.build())) {
      if (exchange.head().status() >= 300) {
        throw refusal.of(exchange, operation, subject);
      }
      for (ByteBuffer piece = exchange.next(); piece != null; piece = exchange.next()) {
        xml.scanner().accept(piece);
      }
      return xml.texts();
    }
  }

  @Override
  public void createContainer(String container) throws IOException {
    call(
        request("PUT", container, "").query("restype", "container"), "create container", container);
  }

  @Override
  public void deleteContainer(String container) throws IOException {
    call(
        request("DELETE", container, "").query("restype", "container"),
        "delete container",
        container);
  }

  @Override
  public List<ContainerItem> listContainers() throws IOException {
    List<ContainerItem> items = new ArrayList<>();
    String marker = "";
    do {
      RequestBuilder request = request("GET", "", "").query("comp", "list");
      if (!marker.isEmpty()) {
        request.query("marker", marker);
      }
      marker = "";
      String name = "";
      for (SimpleXml.Text text :
          document(request, "list containers of", endpoint.account().account())) {
        String path = text.path();
        if (path.endsWith("/Container/Name")) {
          name = text.value();
        } else if (path.endsWith("/Container/Properties/Last-Modified")) {
          items.add(new ContainerItem(name, HttpDate.parse(text.value())));
        } else if (path.equals("/EnumerationResults/NextMarker")) {
          marker = text.value();
        }
      }
    } while (!marker.isEmpty());
    return items;
  }

  @Override
  public String list(String container, ListQuery query, ListVisitor visitor) throws IOException {
    RequestBuilder request =
        request("GET", container, "")
            .query("restype", "container")
            .query("comp", "list")
            .query("maxresults", Integer.toString(query.maxResults()));
    if (!query.prefix().isEmpty()) {
      request.query("prefix", query.prefix());
    }
    if (query.hierarchical()) {
      request.query("delimiter", "/");
    }
    if (!query.marker().isEmpty()) {
      request.query("marker", query.marker());
    }
    if (query.metadata()) {
      request.query("include", "metadata");
    }
    ListAnswer answer = new ListAnswer(visitor);
    try (Exchange exchange = Exchange.of(connections, request.build())) {
      if (exchange.head().status() >= 300) {
        throw refusal.of(exchange, "list", container);
      }
      for (ByteBuffer piece = exchange.next(); piece != null; piece = exchange.next()) {
        answer.scanner().accept(piece);
      }
    }
    if (!answer.complete()) {
      throw new TransportException(
          Kind.BROKEN, "the listing of " + container + " ended before its last line", null);
    }
    return answer.marker();
  }

  @Override
  public BlobProperties head(String container, String name) throws IOException {
    return head(container, name, Conditions.NONE);
  }

  private BlobProperties head(String container, String name, Conditions conditions)
      throws IOException {
    NameEncoding.check(name);
    return Answers.properties(
        call(
            request("HEAD", container, name).conditions(conditions),
            "head",
            subject(container, name)));
  }

  @Override
  public BlobProperties get(String container, String name, GetRange range, BodySink sink)
      throws IOException {
    Conditions conditions = new Conditions(range.ifMatch(), null);
    if (range.length() == 0) {
      BlobProperties properties = head(container, name, conditions);
      sink.begin(properties);
      return properties;
    }
    NameEncoding.check(name);
    RequestBuilder request = request("GET", container, name).conditions(conditions);
    boolean ranged = range.offset() > 0 || range.length() > 0;
    if (ranged) {
      String end = range.length() < 0 ? "" : Long.toString(range.offset() + range.length() - 1);
      request.header("x-ms-range", "bytes=" + range.offset() + "-" + end);
    }
    try (Exchange exchange = Exchange.of(connections, request.build())) {
      if (exchange.head().status() >= 300) {
        throw refusal.of(exchange, "get", subject(container, name));
      }
      return receive(exchange, subject(container, name), range, sink);
    }
  }

  /** Hands the body on, and believes nothing that does not fit the range asked for. */
  private static BlobProperties receive(
      Exchange exchange, String subject, GetRange range, BodySink sink) throws IOException {
    ResponseHead head = exchange.head();
    BlobProperties properties = Answers.properties(head);
    long end = properties.length();
    if (range.length() > 0) {
      end = Math.min(end, range.offset() + range.length());
    }
    if (head.status() == 206 && end >= 0 && range.offset() >= end) {
      // Azurite answers a range that starts at the very end with nothing.
      throw ServiceErrors.of(
          "get", subject, 416, "InvalidRange", head.header("x-ms-request-id"), "");
    }
    long start = head.status() == 206 ? Answers.rangeStart(head.header("content-range")) : 0;
    if (start != range.offset() || head.contentLength() != end - start) {
      throw new TransportException(
          Kind.NONSENSE,
          "get "
              + subject
              + ": the service answered other bytes than were asked for (status "
              + head.status()
              + ", "
              + head.header("content-range")
              + ", Content-Length "
              + head.header("content-length")
              + ")",
          null);
    }
    sink.begin(properties);
    long at = start;
    for (ByteBuffer piece = exchange.next(); piece != null; piece = exchange.next()) {
      int bytes = piece.remaining();
      sink.accept(at, piece);
      at += bytes;
    }
    return properties;
  }

  private static RequestBuilder describe(RequestBuilder request, PutOptions options) {
    return request
        .optional("x-ms-blob-content-type", options.contentType())
        .optional("x-ms-blob-content-md5", options.contentMd5())
        .metadata(options.metadata())
        .conditions(options.conditions());
  }

  @Override
  public BlobProperties put(String container, String name, BodySource body, PutOptions options)
      throws IOException {
    NameEncoding.check(name);
    RequestBuilder request = request("PUT", container, name).header("x-ms-blob-type", "BlockBlob");
    ResponseHead head =
        call(describe(request, options).body(body), "put", subject(container, name));
    return Answers.changed(
        head, body.length(), options.contentType(), options.contentMd5(), options.metadata());
  }

  @Override
  public void putBlock(String container, String name, String blockId, BodySource body)
      throws IOException {
    NameEncoding.check(name);
    call(
        request("PUT", container, name).query("comp", "block").query("blockid", blockId).body(body),
        "put block",
        subject(container, name));
  }

  @Override
  public BlobProperties putBlockList(
      String container, String name, List<String> blockIds, PutOptions options) throws IOException {
    NameEncoding.check(name);
    StringBuilder xml = new StringBuilder(64 + blockIds.size() * 90);
    xml.append("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
    blockIds.forEach(id -> xml.append("<Latest>").append(id).append("</Latest>"));
    xml.append("</BlockList>");
    RequestBuilder request = request("PUT", container, name).query("comp", "blocklist");
    ResponseHead head =
        call(
            describe(request, options).body(xml.toString()),
            "put block list",
            subject(container, name));
    return completed(container, name, head, options.metadata());
  }

  /**
   * The whole truth after a change whose answer tells little. Where somebody else changed the blob
   * since, what is known of ours.
   */
  private BlobProperties completed(
      String container, String name, ResponseHead head, Map<String, String> metadata)
      throws IOException {
    String etag = Answers.unquoted(head.header("etag"));
    try {
      return head(container, name, Conditions.match(etag));
    } catch (ServiceException e) {
      return Answers.changed(head, -1, "", "", metadata);
    }
  }

  @Override
  public BlockList blockList(String container, String name) throws IOException {
    NameEncoding.check(name);
    List<BlockList.Block> committed = new ArrayList<>();
    List<BlockList.Block> uncommitted = new ArrayList<>();
    String id = "";
    for (SimpleXml.Text text :
        document(
            request("GET", container, name)
                .query("comp", "blocklist")
                .query("blocklisttype", "all"),
            "get block list",
            subject(container, name))) {
      if (text.path().endsWith("/Block/Name")) {
        id = text.value();
      } else if (text.path().endsWith("/Block/Size")) {
        boolean done = text.path().contains("/CommittedBlocks/");
        (done ? committed : uncommitted)
            .add(new BlockList.Block(id, ResponseHead.number(text.value())));
      }
    }
    return new BlockList(committed, uncommitted);
  }

  @Override
  public BlobProperties copy(
      String sourceContainer,
      String sourceName,
      String sourceEtag,
      String container,
      String name,
      Map<String, String> metadata,
      Conditions conditions)
      throws IOException {
    NameEncoding.check(sourceName);
    NameEncoding.check(name);
    String source = endpoint.account().at(sourceContainer, sourceName).toString();
    RequestBuilder request =
        request("PUT", container, name)
            .header(
                "x-ms-copy-source",
                endpoint.sas().isEmpty() ? source : source + "?" + endpoint.sas())
            .conditions(conditions)
            .metadata(metadata == null ? Map.of() : metadata);
    if (sourceEtag != null) {
      request.header("x-ms-source-if-match", RequestBuilder.quoted(sourceEtag));
    }
    String subject = subject(sourceContainer, sourceName) + " to " + subject(container, name);
    ResponseHead head = call(request, "copy", subject);
    awaitCopy(head, container, name, subject);
    BlobProperties made = completed(container, name, head, metadata);
    if (metadata != null && metadata.isEmpty() && !made.metadata().isEmpty()) {
      // Copy Blob without metadata takes the source's; none at all takes a second request.
      return setMetadata(container, name, Map.of(), Conditions.match(made.etag()));
    }
    return made;
  }

  private void awaitCopy(ResponseHead started, String container, String name, String subject)
      throws IOException {
    long deadline = System.nanoTime() + COPY_LIMIT_NANOS;
    long pause = 50;
    ResponseHead head = started;
    String id = started.header("x-ms-copy-id");
    while (!head.header("x-ms-copy-status").equals("success")) {
      String status = head.header("x-ms-copy-status");
      if (!status.equals("pending") || !head.header("x-ms-copy-id").equals(id)) {
        throw ServiceErrors.of(
            "copy",
            subject,
            head.status(),
            status.equals("pending") ? "BlobOverwritten" : "CopyStatus" + status,
            head.header("x-ms-request-id"),
            head.header("x-ms-copy-status-description"));
      }
      if (System.nanoTime() - deadline > 0) {
        throw new TransportException(
            Kind.OVERDUE, "copy " + subject + " is still pending after an hour", null);
      }
      connections.sleep(pause);
      pause = Math.min(SLOWEST_POLL_MILLIS, pause * 2);
      head = call(request("HEAD", container, name), "head", subject(container, name));
    }
  }

  @Override
  public BlobProperties setMetadata(
      String container, String name, Map<String, String> metadata, Conditions conditions)
      throws IOException {
    NameEncoding.check(name);
    ResponseHead head =
        call(
            request("PUT", container, name)
                .query("comp", "metadata")
                .metadata(metadata)
                .conditions(conditions),
            "set metadata of",
            subject(container, name));
    return completed(container, name, head, metadata);
  }

  @Override
  public void delete(String container, String name, Conditions conditions) throws IOException {
    NameEncoding.check(name);
    call(
        request("DELETE", container, name)
            .header("x-ms-delete-snapshots", "include")
            .conditions(conditions),
        "delete",
        subject(container, name));
  }

  @Override
  public void close() {
    connections.close();
  }
}
