package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Blobs known by name: the workers ask the service about some of them ahead, and they are handed on
 * in order. Used by the one thread that plans.
 */
final class NamedBlobs {
  private static final long POLL_MILLIS = 200;

  /** Hears of each blob. */
  interface Visitor {
    /** What the service says of it. */
    void blob(String name, BlobProperties blob) throws IOException;

    /** It could not be asked about, or is not there. */
    void failed(String name, IOException why) throws IOException;
  }

  private final BlobService service;
  private final String container;
  private final String prefix;
  private final Workers workers;
  private final int window;
  private final Visitor visitor;
  private final Deque<Question> asked = new ArrayDeque<>();

  /**
   * Blobs below a prefix.
   *
   * @param window questions under way at most
   */
  NamedBlobs(
      BlobService service,
      String container,
      String prefix,
      Workers workers,
      int window,
      Visitor visitor) {
    this.service = service;
    this.container = container;
    this.prefix = prefix;
    this.workers = workers;
    this.window = window;
    this.visitor = visitor;
  }

  /** Asks about a blob, and hands on earlier ones where the window is full. */
  void ask(String name) throws IOException {
    while (asked.size() >= window) {
      handOn(asked.poll());
    }
    var question = new Question(name);
    asked.add(question);
    workers.submit(Workers.Urgency.BULK, question::ask);
  }

  /** Hands on the rest. */
  void end() throws IOException {
    while (!asked.isEmpty()) {
      handOn(asked.poll());
    }
  }

  private void handOn(Question question) throws IOException {
    question.await();
    if (question.failure != null) {
      visitor.failed(question.name, question.failure);
    } else {
      visitor.blob(question.name, question.blob);
    }
  }

  private final class Question {
    private final String name;
    private BlobProperties blob;
    private IOException failure;

    Question(String name) {
      this.name = name;
    }

    void ask() {
      BlobProperties found = null;
      IOException failed = null;
      try {
        found = BlobPages.headOrNull(service, container, prefix + name);
        if (found == null) {
          failed =
              new AzcpException(
                  Errno.ENOENT, "there is no blob at " + container + "/" + prefix + name);
        }
      } catch (IOException e) {
        failed = e;
      } catch (RuntimeException e) {
        failed = new AzcpException(Errno.EIO, name + ": failed unexpectedly: " + e, e);
      }
      synchronized (this) {
        blob = found;
        failure = failed;
        notifyAll();
      }
    }

    synchronized void await() throws AzcpException {
      try {
        while (blob == null && failure == null) {
          if (workers.isClosed()) {
            throw UnitGroup.cancelled();
          }
          wait(POLL_MILLIS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw UnitGroup.cancelled();
      }
    }
  }
}
