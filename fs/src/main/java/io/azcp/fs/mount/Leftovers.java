package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.HumanText;
import io.azcp.fs.mount.control.Message;

/** What is still pending, as a sentence. */
public final class Leftovers {
  private Leftovers() {}

  /** From the state that flush and unmount answer. */
  public static String sentence(Message state) throws AzcpException {
    long files = state.number("files");
    long operations = state.number("operations");
    String what =
        files > 0
            ? HumanText.count(files, "file") + " (" + HumanText.bytes(state.number("bytes")) + ")"
            : HumanText.count(operations, "change");
    String error = state.text("lastError", "");
    return what
        + (files + (files > 0 ? 0 : operations) == 1 ? " is" : " are")
        + " not uploaded yet and kept in the journal for the next mount or azcp flush"
        + (error.isEmpty() ? "" : "; the last failure: " + error);
  }
}
