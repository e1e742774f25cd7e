package io.azcp.transfer.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Requests to one account: each is sent on one connection and its answer's head read; an answer
 * that refuses becomes the exception that tells why. Thread-safe.
 */
final class HttpCalls implements AutoCloseable {
  private static final int UNAUTHORIZED = 401;

  private final RequestBuilder.Endpoint endpoint;
  private final Refusal refusal;
  private final Connections connections;
  private final ClockOffset clock = new ClockOffset();

  /** Connects when it is first used. */
  HttpCalls(BlobUrl account, Credential credential, ClientOptions options) throws IOException {
    this.endpoint = RequestBuilder.Endpoint.of(account.at("", "").withSas(""), options, credential);
    this.refusal = new Refusal(endpoint);
    this.connections =
        new Connections(account, options, account.secure() ? TlsLibrary.choose(options) : null);
  }

  RequestBuilder.Endpoint endpoint() {
    return endpoint;
  }

  /** The service's clock, as the answers tell it. */
  ClockOffset clock() {
    return clock;
  }

  /** A request about a container, or, where it is empty, the account. */
  RequestBuilder request(String method, String container) {
    return new RequestBuilder(endpoint, method, container, "");
  }

  /** A request about a blob. */
  RequestBuilder request(String method, String container, String name) throws IOException {
    NameEncoding.check(name);
    return new RequestBuilder(endpoint, method, container, name);
  }

  static String subject(String container, String name) {
    return name.isEmpty() ? container : container + "/" + name;
  }

  /**
   * Sends a request. Where the service refuses its token (401), that is renewed and the request
   * sent once more.
   *
   * @param operation what is tried, as {@code get}
   * @param subject on what, as {@link #subject}
   * @return the exchange, whose body is still to be read
   */
  Exchange exchange(RequestBuilder request, String operation, String subject) throws IOException {
    Exchange exchange = send(request);
    if (exchange.head().status() < 300) {
      return exchange;
    }
    try (exchange) {
      throw refusal.of(exchange, operation, subject);
    }
  }

  private Exchange send(RequestBuilder request) throws IOException {
    Exchange exchange = Exchange.of(connections, request.build());
    clock.observe(exchange.head());
    if (exchange.head().status() != UNAUTHORIZED
        || !(endpoint.credential() instanceof Credential.Bearer bearer)) {
      return exchange;
    }
    try {
      if (!bearer.renew(request.token())) {
        return exchange;
      }
    } catch (IOException | RuntimeException e) {
      exchange.close();
      throw e;
    }
    exchange.close();
    return Exchange.of(connections, request.build());
  }

  /** A request whose answer is told by its head. */
  ResponseHead call(RequestBuilder request, String operation, String subject) throws IOException {
    try (Exchange exchange = exchange(request, operation, subject)) {
      exchange.drain();
      return exchange.head();
    }
  }

  /** A request whose answer is a small document. */
  List<SimpleXml.Text> document(RequestBuilder request, String operation, String subject)
      throws IOException {
    SimpleXml xml = new SimpleXml();
    try (Exchange exchange = exchange(request, operation, subject)) {
      for (ByteBuffer piece = exchange.next(); piece != null; piece = exchange.next()) {
        xml.scanner().accept(piece);
      }
      return xml.texts();
    }
  }

  /** Get Blob Properties, conditionally. */
  BlobProperties head(String container, String name, Conditions conditions) throws IOException {
    return Answers.properties(
        call(
            request("HEAD", container, name).conditions(conditions),
            "head",
            subject(container, name)));
  }

  /**
   * The whole truth after a change whose answer tells little. Where somebody else changed the blob
   * since, what is known of ours.
   */
  BlobProperties completed(String container, String name, ResponseHead head, PutOptions sent)
      throws IOException {
    String etag = Answers.unquoted(head.header("etag"));
    try {
      return head(container, name, Conditions.match(etag));
    } catch (ServiceException e) {
      return Answers.changed(head, -1, sent);
    }
  }

  /** Waits between two looks, unless all is closed meanwhile. */
  void sleep(long millis) throws IOException {
    connections.sleep(millis);
  }

  /** Closes every connection; calls under way end with {@code ECANCELED}. */
  @Override
  public void close() {
    connections.close();
  }
}
