package io.azcp.transfer.blob;

/**
 * One request as it goes out.
 *
 * @param method HTTP method
 * @param head request line and headers, each ended by CR LF, with the empty line
 * @param body what follows, or null
 */
record HttpRequest(String method, String head, BodySource body) {
  /** The method alone: a head holds signatures and tokens. */
  @Override
  public String toString() {
    return "HttpRequest[" + method + "]";
  }

  /** Whether the answer has no body whatever its headers say. */
  boolean headOnly() {
    return method.equals("HEAD");
  }

  long bodyLength() {
    return body == null ? 0 : body.length();
  }
}
