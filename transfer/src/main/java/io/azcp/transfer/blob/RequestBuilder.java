package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Puts one request of the Blob service together and signs it. */
final class RequestBuilder {
  private static final String META = "x-ms-meta-";
  private static final String VERSION = "x-ms-version";

  private final Endpoint endpoint;
  private final String method;
  private final BlobUrl url;
  private final TreeMap<String, String> query = new TreeMap<>();
  private final Map<String, String> headers = new LinkedHashMap<>();

  /** Headers whose case matters on the wire although it does not in the signature. */
  private final Map<String, String> spellings = new HashMap<>();

  private BodySource body;
  private LateBody lateBody;
  private String token = "";

  /** Makes a body. */
  interface LateBody {
    BodySource make() throws IOException;
  }

  /**
   * What all requests share.
   *
   * @param signature signs, or null where a SAS or nothing goes along
   * @param before what goes before the path of a request
   * @param headers those that are neither signed nor differ, each with its line's end
   */
  record Endpoint(
      BlobUrl account,
      ClientOptions options,
      Credential credential,
      SharedKeySignature signature,
      String before,
      String headers) {
    static Endpoint of(BlobUrl account, ClientOptions options, Credential credential) {
      HttpProxy proxy = options.proxy();
      String headers =
          "Host: " + account.authority() + "\r\nUser-Agent: " + options.userAgent() + "\r\n";
      return new Endpoint(
          account,
          options,
          credential,
          credential instanceof Credential.SharedKey key ? new SharedKeySignature(key) : null,
          HttpProxy.before(proxy, account),
          headers + HttpProxy.header(proxy, account));
    }

    /** The account alone: the others hold secrets. */
    @Override
    public String toString() {
      return "Endpoint[" + account + "]";
    }

    /** The SAS that goes along, or "". */
    String sas() {
      return credential instanceof Credential.Sas sas ? sas.token() : "";
    }

    /** The token that goes along, or "". */
    String token() throws IOException {
      return credential instanceof Credential.Bearer bearer ? bearer.token() : "";
    }
  }

  RequestBuilder(Endpoint endpoint, String method, String container, String name) {
    this.endpoint = endpoint;
    this.method = method;
    this.url = endpoint.account().at(container, name);
    headers.put(VERSION, endpoint.options().apiVersion());
  }

  RequestBuilder query(String name, String value) {
    query.put(name, value);
    return this;
  }

  /** A header by its lower-case name. */
  RequestBuilder header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** A header that is left out when its value is empty. */
  RequestBuilder optional(String name, String value) {
    return value.isEmpty() ? this : header(name, value);
  }

  RequestBuilder conditions(Conditions conditions) {
    if (conditions.ifMatch() != null) {
      header("if-match", quoted(conditions.ifMatch()));
    }
    if (conditions.ifNoneMatch() != null) {
      header("if-none-match", quoted(conditions.ifNoneMatch()));
    }
    return this;
  }

  static String quoted(String etag) {
    return etag.equals("*") ? etag : '"' + etag + '"';
  }

  RequestBuilder metadata(Map<String, String> metadata) {
    metadata.forEach(
        (k, v) -> {
          String name = META + k.toLowerCase(Locale.ROOT);
          spellings.put(name, META + k);
          header(name, v);
        });
    return this;
  }

  RequestBuilder body(BodySource source) {
    body = source;
    return this;
  }

  RequestBuilder body(String xml) {
    return body(BodySource.of(xml.getBytes(StandardCharsets.UTF_8)))
        .header("content-type", "application/xml");
  }

  /** A body that is made when the request is, since it is signed, too. */
  RequestBuilder body(LateBody made) {
    lateBody = made;
    return this;
  }

  /** The token that went along with the request as it was last built, or "". */
  String token() {
    return token;
  }

  /**
   * The request, signed for this moment.
   *
   * @throws IOException where no token can be had
   */
  HttpRequest build() throws IOException {
    if (lateBody != null) {
      body = lateBody.make();
    }
    String path = complete();
    StringBuilder head = new StringBuilder(512).append(method).append(' ');
    appendQuery(head.append(endpoint.before()).append(path));
    head.append(" HTTP/1.1\r\n").append(endpoint.headers());
    return new HttpRequest(method, headers(head).append("\r\n").toString(), body);
  }

  /**
   * The request as a part of a Blob Batch, without body: it is signed by itself, and has the
   * version of the whole.
   */
  String part() throws IOException {
    headers.remove(VERSION);
    String path = complete();
    StringBuilder head = new StringBuilder(512).append(method).append(' ').append(path);
    appendQuery(head);
    return headers(head.append(" HTTP/1.1\r\n")).append("\r\n").toString();
  }

  /** Completes and signs the headers; answers the path. */
  private String complete() throws IOException {
    for (Map.Entry<String, String> header : headers.entrySet()) {
      checkHeader(header.getKey(), header.getValue());
    }
    headers.put("x-ms-date", HttpDate.format(System.currentTimeMillis()));
    if (!method.equals("GET") && !method.equals("HEAD")) {
      headers.put("content-length", Long.toString(body == null ? 0 : body.length()));
    }
    String path = url.encodedPath();
    if (endpoint.signature() != null) {
      headers.put(
          "authorization", endpoint.signature().authorization(method, path, query, headers));
    }
    token = endpoint.token();
    if (!token.isEmpty()) {
      headers.put("authorization", "Bearer " + token);
    }
    return path;
  }

  private void appendQuery(StringBuilder head) {
    char separator = '?';
    for (Map.Entry<String, String> parameter : query.entrySet()) {
      head.append(separator).append(parameter.getKey()).append('=');
      head.append(NameEncoding.query(parameter.getValue()));
      separator = '&';
    }
    if (!endpoint.sas().isEmpty()) {
      head.append(separator).append(endpoint.sas());
    }
  }

  private StringBuilder headers(StringBuilder head) {
    headers.forEach(
        (k, v) -> head.append(spellings.getOrDefault(k, k)).append(": ").append(v).append("\r\n"));
    return head;
  }

  /** Headers are printable ASCII; anything else would be another header, or garbage. */
  private static void checkHeader(String name, String value) throws AzcpException {
    boolean fine = !name.equals(META);
    for (int i = 0; fine && i < name.length(); i++) {
      char c = name.charAt(i);
      fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
    for (int i = 0; fine && i < value.length(); i++) {
      fine = value.charAt(i) >= ' ' && value.charAt(i) <= '~';
    }
    if (!fine) {
      throw new AzcpException(
          Errno.EINVAL,
          "the header "
              + name.replaceAll("[^a-z0-9_-]", "?")
              + " cannot be sent: metadata keys are letters, digits and _, values printable ASCII");
    }
  }
}
