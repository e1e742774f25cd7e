package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.BlobVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * One change of the service that is queued. Guarded by the ledger's lock, but for the fields of its
 * constructor.
 */
final class Operation {
  /** What is changed. */
  enum Kind {
    /** Local content becomes the blob {@link #name}. */
    UPLOAD(1),
    /** The blob {@link #from} is copied to {@link #name}, then deleted. */
    MOVE(2),
    /** The blob {@link #name} goes. */
    DELETE(3),
    /** Attributes of the blob {@link #name} are set. */
    SET_METADATA(4),
    /** A directory's marker is written at {@link #name}. */
    PUT_MARKER(5);

    /** What it is called in the journal. */
    final int code;

    Kind(int code) {
      this.code = code;
    }

    static Kind of(int code) throws AzcpException {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new AzcpException(
          Errno.EPROTO,
          "the journal holds an operation of kind " + code + " of a newer azcp; mount with that");
    }
  }

  /** Place in the order of all operations; also its identity in the journal. */
  final long sequence;

  final Kind kind;
  final Entry entry;
  final String name;

  /** The source of a move, else empty. */
  final String from;

  /** When it was asked for, for "the later one wins". */
  final long askedMillis;

  /** What is known under the destination of a move; null for nothing. */
  BlobVersion target;

  /** The id its request carries, journaled before it is sent; empty before. */
  String operationId = "";

  /** The version a move's copy has got; null before it is made. */
  BlobVersion copied;

  /** It waits until this entry has no local content left to send; null for none. */
  Entry after;

  /** Overlay slots that must stay until it is done. */
  final List<Overlay.Slot> holds = new ArrayList<>();

  // ---- not journaled

  /** A coordinator works on it. */
  boolean running;

  /** It is not to be run until something happens (a writer closes). */
  boolean parked;

  /** Not to be run before, on the queue's clock. */
  long notBeforeNanos;

  /** How often the read lease was refused. */
  int leaseRefusals;

  /** Failed attempts in a row. */
  int failures;

  /** Whether the service's last answer was a refusal that a repetition will not change. */
  boolean refused;

  /** Whether it failed last because somebody holds a lease on the blob. */
  boolean leased;

  Operation(long sequence, Kind kind, Entry entry, String name, String from, long askedMillis) {
    this.sequence = sequence;
    this.kind = kind;
    this.entry = entry;
    this.name = name;
    this.from = from;
    this.askedMillis = askedMillis;
  }

  List<String> names() {
    return from.isEmpty() || from.equals(name) ? List.of(name) : List.of(from, name);
  }

  /** Whether a request of it may have reached the service, so that it cannot be taken back. */
  boolean sent() {
    return kind == Kind.UPLOAD
        ? entry.local != null && entry.local.staging.attempt != null
        : running || !operationId.isEmpty();
  }

  /** Whether it writes the blob of that name (and does not only remove it). */
  boolean writes(String blob) {
    return kind != Kind.DELETE && name.equals(blob);
  }

  @Override
  public String toString() {
    return kind + " #" + sequence + " " + (from.isEmpty() ? "" : from + " to ") + name;
  }
}
