package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.fs.mount.control.Message;
import io.azcp.fs.writeback.Writeback;
import io.azcp.fs.writeback.Writeback.Elsewhere;
import java.util.ArrayList;
import java.util.List;

/** Changes that wait for another place than their rule leads to by now. */
final class Elsewheres {
  private static final String KEY = "elsewhere";

  private Elsewheres() {}

  /** What a flush answers: with any of these it is not complete. */
  static Message tell(Message flushed, List<Writeback> rules) {
    List<Message> all = new ArrayList<>();
    for (Writeback rule : rules) {
      for (Elsewhere each : rule.elsewhere()) {
        all.add(Message.empty().with("folder", each.folder()).with("place", each.place()));
      }
    }
    return all.isEmpty() ? flushed : flushed.with(KEY, all).with("complete", false);
  }

  static List<String> sentences(Message flushed) throws AzcpException {
    List<String> all = new ArrayList<>();
    for (Message each : flushed.objects(KEY)) {
      all.add(sentence(each.text("folder"), each.text("place")));
    }
    return all;
  }

  static String sentence(Elsewhere each) {
    return sentence(each.folder(), each.place());
  }

  private static String sentence(String folder, String place) {
    return folder
        + " holds writes for "
        + place
        + ", where its rule does not lead any more; flush them with the configuration of then";
  }
}
