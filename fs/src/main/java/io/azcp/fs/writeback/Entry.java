package io.azcp.fs.writeback;

import io.azcp.base.posix.Stat;
import io.azcp.cache.BlobVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One file, link or directory with unfinished business: local content, or operations queued. It
 * keeps its identity across renames. {@link #name} is where it is seen here, {@link #blob} where
 * the service has it; the difference is what is left to do. Guarded by the ledger's lock.
 */
final class Entry {
  /** What it is. */
  enum Kind {
    FILE,
    SYMLINK,
    DIRECTORY;

    static Kind of(PosixAttributes attributes) {
      return switch (attributes.mode() & Stat.TYPE_MASK) {
        case Stat.DIRECTORY -> DIRECTORY;
        case Stat.SYMLINK -> SYMLINK;
        default -> FILE;
      };
    }
  }

  final long id;
  final Kind kind;

  /** Visible name, empty once removed or replaced. */
  String name;

  /** Name of its blob in the service, present or (with local content) to be written. */
  String blob;

  /** What the service has under {@link #blob}; null for nothing known. */
  BlobVersion version;

  PosixAttributes attributes;
  Map<String, String> metadata = Map.of();
  String contentType = "";

  /** Whether {@link #attributes} were set here, and are not what the blob's metadata tell. */
  boolean reattributed;

  /** Whether it had local content in this session, so that its node is known by {@link #id}. */
  boolean wasLocal;

  /** The id of the local file it was committed from before it became this entry; 0 for none. */
  long formerId;

  /** Its local content; null when the service has all of it. */
  StagedFile local;

  /** Its queued operations in order. */
  final List<Operation> operations = new ArrayList<>();

  /** Operations of others that wait until this one has no local content left to send. */
  final List<Operation> dependents = new ArrayList<>();

  Entry(long id, Kind kind, String name, String blob, PosixAttributes attributes) {
    this.id = id;
    this.kind = kind;
    this.name = name;
    this.blob = blob;
    this.attributes = attributes;
  }

  /** An entry for a blob the listing told of. */
  static Entry ofRemote(long id, String name, RemoteFile remote) {
    var entry =
        new Entry(id, Kind.of(remote.attributes()), name, remote.blob(), remote.attributes());
    entry.adopt(remote);
    return entry;
  }

  /** Takes over what is known of the blob it replaces or is. */
  void adopt(RemoteFile remote) {
    version = remote.version();
    metadata = remote.metadata();
    contentType = remote.contentType();
  }

  RemoteFile remoteFile() {
    boolean written = wasLocal || reattributed;
    var now = written ? BlobMetadata.written(metadata, attributes) : metadata;
    return new RemoteFile(blob, version, attributes, now, contentType);
  }

  long fileId() {
    return wasLocal ? id : formerId;
  }

  Operation lastOperation() {
    return operations.isEmpty() ? null : operations.get(operations.size() - 1);
  }

  /** Where its blob will be when everything queued has been done. */
  String eventualBlob() {
    for (int i = operations.size() - 1; i >= 0; i--) {
      if (operations.get(i).kind == Operation.Kind.MOVE) {
        return operations.get(i).name;
      }
    }
    return blob;
  }

  @Override
  public String toString() {
    return kind + " " + id + " " + name + " at " + blob;
  }
}
