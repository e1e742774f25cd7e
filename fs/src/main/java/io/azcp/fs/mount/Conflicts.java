package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.fs.mount.control.Message;
import io.azcp.fs.writeback.Writeback.Conflict;
import java.util.List;

/** Versions that were kept beside somebody else's, as the control protocol tells them. */
public final class Conflicts {
  private Conflicts() {}

  static List<Message> messages(List<Conflict> conflicts) {
    return conflicts.stream()
        .map(
            c ->
                Message.empty()
                    .with("name", c.name())
                    .with("keptAs", c.keptAs())
                    .with("time", c.millis()))
        .toList();
  }

  /** One of them as a sentence. */
  public static String sentence(Message conflict) throws AzcpException {
    if (conflict.text("keptAs").isEmpty()) {
      return conflict.text("name")
          + " was closed, and was lost with the machine before its upload was known to be complete"
          + " (staging: shm)";
    }
    return conflict.text("name")
        + " was written by somebody else, too: his version has the name, the one written here is "
        + conflict.text("keptAs");
  }
}
