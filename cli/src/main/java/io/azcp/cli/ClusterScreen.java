package io.azcp.cli;

import io.azcp.base.HumanText;
import io.azcp.cluster.ClusterConsole;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a rank of a cluster prints: results, and on rank 0's terminal how far all ranks are. */
final class ClusterScreen implements ClusterConsole, AutoCloseable {
  private final Command command;
  private final StatusLine line;

  /**
   * A rank's screen.
   *
   * @param progress whether it shows how far all ranks are
   */
  ClusterScreen(Command command, boolean progress) {
    this.command = command;
    this.line = progress ? new StatusLine(command.invocation) : null;
  }

  @Override
  public synchronized void result(String text) {
    progressOver();
    if (command.global.json()) {
      int end = text.indexOf("] ");
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("type", "cluster");
      object.put("stage", text.substring(1, end));
      object.put("text", text.substring(end + 2));
      command.object(object);
    } else {
      command.out().println(text);
    }
    command.out().flush();
  }

  @Override
  public synchronized void note(String text) {
    progressOver();
    command.invocation.err().println(text);
    command.invocation.err().flush();
  }

  @Override
  public synchronized void complain(String sentence) {
    progressOver();
    command.complain(sentence);
  }

  @Override
  public synchronized void progress(long downloaded, long toDownload, long sent, long toSend) {
    if (line != null) {
      line.show(
          "downloaded "
              + HumanText.bytes(downloaded)
              + "/"
              + HumanText.bytes(toDownload)
              + ", broadcast "
              + HumanText.bytes(sent)
              + "/"
              + HumanText.bytes(toSend));
    }
  }

  @Override
  public synchronized void progressOver() {
    if (line != null) {
      line.close();
    }
  }

  @Override
  public void close() {
    progressOver();
  }
}
