package io.azcp.transfer.blob;

import io.azcp.transfer.blob.TransportException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The operations on containers, and what they list. */
record HttpContainers(HttpCalls calls) {

  void create(String container) throws IOException {
    calls.call(
        calls.request("PUT", container).query("restype", "container"),
        "create container",
        container);
  }

  void delete(String container) throws IOException {
    calls.call(
        calls.request("DELETE", container).query("restype", "container"),
        "delete container",
        container);
  }

  List<ContainerItem> all() throws IOException {
    List<ContainerItem> items = new ArrayList<>();
    String marker = "";
    do {
      RequestBuilder request = calls.request("GET", "").query("comp", "list");
      if (!marker.isEmpty()) {
        request.query("marker", marker);
      }
      marker = "";
      String name = "";
      String subject = calls.endpoint().account().account();
      for (SimpleXml.Text text : calls.document(request, "list containers of", subject)) {
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

  String list(String container, ListQuery query, ListVisitor visitor) throws IOException {
    ListAnswer answer = new ListAnswer(visitor, query.created());
    try (Exchange exchange = calls.exchange(request(container, query), "list", container)) {
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

  private RequestBuilder request(String container, ListQuery query) throws IOException {
    RequestBuilder request =
        calls
            .request("GET", container)
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
    if (query.metadata() || query.tags()) {
      String separator = query.metadata() && query.tags() ? "," : "";
      request.query(
          "include",
          (query.metadata() ? "metadata" : "") + separator + (query.tags() ? "tags" : ""));
    }
    return request;
  }
}
