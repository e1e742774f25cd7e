package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.BlobVersion;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.MetadataKeys;
import io.azcp.transfer.blob.ServiceErrors;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The part of the service a rule shows, by names relative to the rule. Thread-safe. */
final class Remote {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 12;
  private static final int SESSION_BYTES = 6;

  /** Statuses below this that no repetition changes, but for the two named with it. */
  private static final int FIRST_SERVER_ERROR = 500;

  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;

  final BlobService service;
  final String container;
  private final String prefix;

  /** What the ids of all operations of this session start with. */
  private final String session = random(SESSION_BYTES);

  /** The same of this session, and of those whose journals it took over. */
  private final Set<String> sessions = ConcurrentHashMap.newKeySet();

  Remote(BlobService service, String container, String prefix) {
    this.service = service;
    this.container = container;
    this.prefix = prefix;
    sessions.add(session);
  }

  /** What the ids of this session's operations start with. */
  String session() {
    return session;
  }

  /** Takes the operations of a session whose journal was taken over for ours. */
  void tookOver(Collection<String> others) {
    sessions.addAll(others);
  }

  String blobName(String name) {
    return prefix + name;
  }

  /** What the service has under the name; null for nothing. */
  BlobProperties head(String name) throws IOException {
    try {
      return service.head(container, blobName(name));
    } catch (ServiceException e) {
      if (absent(e)) {
        return null;
      }
      throw e;
    }
  }

  String newOperationId() {
    return session + random(ID_BYTES - SESSION_BYTES);
  }

  private static String random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Whether an operation of this session, or of one taken over, made the blob what it is. */
  boolean madeHere(BlobProperties blob) {
    String id = blob.metadataValue(MetadataKeys.OPERATION);
    return id.length() == 2 * ID_BYTES && sessions.contains(id.substring(0, 2 * SESSION_BYTES));
  }

  /** Whether a mount of azcp wrote the blob. */
  static boolean madeByAzcp(BlobProperties blob) {
    return !blob.metadataValue(MetadataKeys.OPERATION).isEmpty();
  }

  /** A time of this machine by the service's clock, milliseconds since the epoch. */
  long serviceMillis(long localMillis) {
    return localMillis + service.clockAheadMillis();
  }

  static boolean madeBy(BlobProperties blob, String operationId) {
    return blob != null
        && !operationId.isEmpty()
        && blob.metadataValue(MetadataKeys.OPERATION).equals(operationId);
  }

  static BlobVersion version(BlobProperties p) {
    return new BlobVersion(p.etag(), p.length(), p.lastModified(), p.contentMd5());
  }

  static Conditions expecting(BlobVersion known) {
    return known == null ? Conditions.ABSENT : Conditions.match(known.etag());
  }

  /** Whether the failure says that there is no such blob (and not: no such container). */
  static boolean absent(IOException e) {
    return e instanceof ServiceException s
        && s.errno() == Errno.ENOENT
        && !s.code().equals(ServiceErrors.CONTAINER_NOT_FOUND);
  }

  /** Whether a condition of the request did not hold. */
  static boolean conditionFailed(IOException e) {
    return e instanceof ServiceException s
        && (s.errno() == Errno.ESTALE || s.errno() == Errno.EEXIST);
  }

  /** Whether the service refuses for good: trying again at once is of no use. */
  static boolean refusal(IOException e) {
    return e instanceof ServiceException s
        && s.status() < FIRST_SERVER_ERROR
        && s.status() != REQUEST_TIMEOUT
        && s.errno() != Errno.EBUSY
        && s.status() != TOO_MANY_REQUESTS;
  }

  /** Whether somebody holds a lease on the blob. */
  static boolean leased(IOException e) {
    return e instanceof ServiceException s && s.code().startsWith("Lease");
  }

  static AzcpException conflict(String name, String keptAs) {
    return new AzcpException(
        Errno.ESTALE,
        name + " was changed in the service by somebody else; this version was kept as " + keptAs);
  }
}
