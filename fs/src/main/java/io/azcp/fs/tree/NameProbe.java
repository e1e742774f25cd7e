package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.fuse.Reply;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.ListVisitor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Single names of directories that are too large to be kept: one request for a blob, a second one,
 * for anything below, where there is no blob. Answers are kept for as long as they are believed,
 * the newest {@link #KEPT} of them. Thread-safe.
 */
final class NameProbe {
  private static final int KEPT = 4096;
  private static final String AWAY = "%s: the service is away, try again later";

  private final Volume volume;
  private final Map<String, Answer> answers = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * An answer of the service.
   *
   * @param found what lies at the name
   * @param ticketNanos {@link System#nanoTime()} when it was asked for
   * @param askedNanos the same by the clock that times out answers
   */
  record Answer(Found found, long ticketNanos, long askedNanos) {}

  NameProbe(Volume volume) {
    this.volume = volume;
  }

  /** Asks for a name, unless it was asked a moment ago. */
  void find(String name, Reply<Known> reply) {
    Answer kept = kept(name);
    if (kept != null) {
      reply.ok(known(kept));
      return;
    }
    again(name, reply);
  }

  /** Asks for a name, whatever is known of it. */
  void again(String name, Reply<Known> reply) {
    boolean ask = !volume.outage().away() || volume.outage().probeIsDue();
    Replies.run(
        volume.calls(),
        reply,
        () -> {
          if (ask) {
            ask(name, reply);
          } else {
            away(name, new AzcpException(Errno.EHOSTDOWN, AWAY.formatted(name)), reply);
          }
        });
  }

  /** The answer that is still believed; null for none. */
  Known peek(String name) {
    Answer kept = kept(name);
    return kept == null ? null : known(kept);
  }

  /** The last answer for a name, alone or with a page of its directory; null for none. */
  private Answer last(String name) {
    Answer alone;
    synchronized (answers) {
      alone = answers.get(name);
    }
    Answer paged = volume.names().find(name);
    boolean older =
        alone == null || (paged != null && paged.ticketNanos() - alone.ticketNanos() > 0);
    return older ? paged : alone;
  }

  /**
   * The answer, asked for later than that {@link System#nanoTime()}; null for none. It may be too
   * old to be believed.
   */
  Answer newer(String name, long ticketNanos) {
    Answer a = last(name);
    boolean newer = a != null && a.ticketNanos() - ticketNanos > 0;
    return newer && !volume.listings().outdated(Paths.parent(name), a.ticketNanos()) ? a : null;
  }

  /** What an answer tells, and how long it may be believed. */
  Known known(Answer a) {
    return new Known(a.found(), Math.max(0, a.askedNanos() + ttl(a) - volume.now()));
  }

  private long ttl(Answer a) {
    return a.found().isAbsent() ? volume.absentTtlNanos() : volume.ttlNanos();
  }

  private Answer kept(String name) {
    Answer a = last(name);
    boolean usable =
        a != null
            && !volume.listings().outdated(Paths.parent(name), a.ticketNanos())
            && (known(a).freshNanos() > 0 || volume.servesOld());
    return usable ? a : null;
  }

  private void ask(String name, Reply<Known> reply) {
    try (OutstandingRequests.Ticket ticket = volume.outstanding().begin()) {
      long asked = volume.now();
      Answer answer;
      try {
        answer = new Answer(request(name), ticket.sentNanos(), asked);
      } catch (IOException e) {
        if (Outage.means(e)) {
          volume.outage().failed(e);
          away(name, e, reply);
        } else {
          reply.fail(Replies.errno(e));
        }
        return;
      }
      volume.outage().answered();
      keep(name, answer);
      reply.ok(known(answer));
    }
  }

  /** Where it may, the last answer or the cache folder stands in for a service that is away. */
  private void away(String name, IOException why, Reply<Known> reply) {
    Answer last = volume.servesOld() ? kept(name) : null;
    Listing folder =
        last == null && volume.servesOld()
            ? volume.offlineNames().listing(Paths.parent(name))
            : null;
    if (last != null) {
      reply.ok(known(last));
    } else if (folder != null) {
      reply.ok(new Known(folder.at(Paths.part(name)), 0));
    } else {
      reply.fail(Replies.errno(why));
    }
  }

  private void keep(String name, Answer answer) {
    synchronized (answers) {
      answers.put(name, answer);
      if (answers.size() > KEPT) {
        answers.remove(answers.keySet().iterator().next());
      }
    }
  }

  private Found request(String name) throws IOException {
    String blob = volume.rule().blobName(name);
    try {
      BlobProperties properties = volume.service().head(volume.container(), blob);
      return volume.found(name, properties);
    } catch (AzcpException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
    boolean[] below = new boolean[1];
    ListVisitor any = (n, p) -> below[0] = true;
    String prefix = volume.listPrefix(name);
    String marker = "";
    do {
      ListQuery one = new ListQuery(prefix, false, marker, 1, false);
      marker = volume.service().list(volume.container(), one, any);
    } while (!marker.isEmpty() && !below[0]);
    return below[0] ? volume.impliedDirectory() : Found.Absent.NOTHING;
  }

  /** Forgets the answers for a name and everything below it. */
  void forget(String directory) {
    String below = directory.isEmpty() ? "" : directory + "/";
    synchronized (answers) {
      answers.keySet().removeIf(n -> n.equals(directory) || n.startsWith(below));
    }
  }
}
