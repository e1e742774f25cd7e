package io.azcp.transfer.engine.sync;

import java.io.IOException;

/** A stream was not sorted as it should be: what was concluded from it does not hold. */
public final class OutOfOrderException extends IOException {
  private static final long serialVersionUID = 1;

  OutOfOrderException(String before, String after) {
    super("'" + after + "' came after '" + before + "', before which it belongs");
  }
}
