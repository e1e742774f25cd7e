package io.azcp.transfer.identity;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Sends the few, small requests that tokens are asked for with. Thread-safe. */
public interface TokenHttp {
  /**
   * A request. Printing one never shows its body or headers.
   *
   * @param method HTTP method
   * @param url http or https
   * @param headers by name
   * @param form a body of the type {@code application/x-www-form-urlencoded}, or empty for none
   * @param limit for all of it, from the connection to the end of the answer
   * @param direct whether it must not go through a proxy
   */
  record Request(
      String method,
      URI url,
      Map<String, String> headers,
      String form,
      Duration limit,
      boolean direct) {
    /** The same in another time. */
    Request within(Duration time) {
      return new Request(method, url, headers, form, time, direct);
    }

    @Override
    public String toString() {
      return method + " " + url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
    }
  }

  /**
   * An answer. Printing one never shows its body.
   *
   * @param status HTTP status
   * @param body its text, cut off where it is larger than any answer about a token
   */
  record Answer(int status, String body) {
    @Override
    public String toString() {
      return "Answer[" + status + "]";
    }
  }

  /**
   * Sends one request, once, and reads its answer whatever its status. No redirect is followed.
   *
   * @throws IOException where no answer came in time
   */
  Answer send(Request request) throws IOException;
}
