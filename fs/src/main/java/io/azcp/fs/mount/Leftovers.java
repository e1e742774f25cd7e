package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.HumanText;
import io.azcp.fs.mount.control.Message;
import java.util.ArrayList;
import java.util.List;

/** What is still pending, as a sentence. */
public final class Leftovers {
  private Leftovers() {}

  /**
   * From the state that flush and unmount answer: what is pending, what was kept beside, and where
   * a mount lives on.
   */
  public static List<String> sentences(Message state) throws AzcpException {
    List<String> all = new ArrayList<>(Elsewheres.sentences(state));
    String held = Unmounting.sentence(state);
    if (!held.isEmpty()) {
      all.add(held);
    }
    for (Message conflict : state.objects("conflicts")) {
      all.add(Conflicts.sentence(conflict));
    }
    if (state.number("files") > 0 || state.number("operations") > 0 || all.isEmpty()) {
      all.add(sentence(state));
    }
    return all;
  }

  /** What is pending, from the state that flush and unmount answer. */
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
