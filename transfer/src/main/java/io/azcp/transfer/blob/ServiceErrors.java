package io.azcp.transfer.blob;

import io.azcp.base.Errno;
import java.util.HashMap;
import java.util.Map;

/**
 * The one table from the service's error codes to what they mean here: the errno, and what a user
 * can do. Codes are those of "Blob service error codes" and "Common REST API error codes" of the
 * Storage REST API.
 */
public final class ServiceErrors {
  /** A condition of a request did not hold. */
  public static final String CONDITION_NOT_MET = "ConditionNotMet";

  /** A conditional creation found the blob there. */
  public static final String BLOB_ALREADY_EXISTS = "BlobAlreadyExists";

  /** There is no such blob. */
  public static final String BLOB_NOT_FOUND = "BlobNotFound";

  /** There is no such container. */
  public static final String CONTAINER_NOT_FOUND = "ContainerNotFound";

  /** A block of a list is not there: another commit discarded it. */
  public static final String INVALID_BLOCK_LIST = "InvalidBlockList";

  private record Meaning(Errno errno, String remedy) {}

  private static final Map<String, Meaning> TABLE = new HashMap<>();

  static {
    authorization();
    absence();
    conditions();
    states();
    limits();
  }

  private ServiceErrors() {}

  private static void authorization() {
    put(
        "AuthenticationFailed",
        Errno.EACCES,
        "check the account key or SAS, and this machine's clock");
    put("AuthorizationFailure", Errno.EACCES, "the account's network rules or roles forbid this");
    put("AuthorizationPermissionMismatch", Errno.EACCES, "the SAS or role lacks this permission");
    put("AuthorizationProtocolMismatch", Errno.EACCES, "the SAS allows https only");
    put("AuthorizationResourceTypeMismatch", Errno.EACCES, "the SAS lacks this resource type");
    put("AuthorizationServiceMismatch", Errno.EACCES, "the SAS is not for the blob service");
    put("AuthorizationSourceIPMismatch", Errno.EACCES, "the SAS is not for this address");
    put("InsufficientAccountPermissions", Errno.EACCES, "the account does not allow this");
    put("InvalidAuthenticationInfo", Errno.EACCES, "check the account key, SAS or token");
    put("NoAuthenticationInformation", Errno.EACCES, "give an account key or a SAS");
    put("PublicAccessNotPermitted", Errno.EACCES, "give an account key or a SAS");
    put("KeyBasedAuthenticationNotPermitted", Errno.EACCES, "the account takes no keys; use a SAS");
    put("AccountIsDisabled", Errno.EACCES, "the account is disabled");
  }

  private static void absence() {
    put(BLOB_NOT_FOUND, Errno.ENOENT, "");
    put("ResourceNotFound", Errno.ENOENT, "");
    put(
        CONTAINER_NOT_FOUND,
        Errno.ENOENT,
        "check the container's name, or create it with 'azcp mk'");
    put("CannotVerifyCopySource", Errno.ENOENT, "check that the source exists and may be read");
    put("ContainerAlreadyExists", Errno.EEXIST, "");
    put(BLOB_ALREADY_EXISTS, Errno.EEXIST, "");
  }

  private static void conditions() {
    put(CONDITION_NOT_MET, Errno.ESTALE, "the blob was changed by somebody else");
    put("TargetConditionNotMet", Errno.ESTALE, "the destination was changed by somebody else");
    put("SourceConditionNotMet", Errno.ESTALE, "the source was changed by somebody else");
    put("AppendPositionConditionNotMet", Errno.ESTALE, "");
    put("SequenceNumberConditionNotMet", Errno.ESTALE, "");
  }

  private static void states() {
    put("BlobArchived", Errno.EOPNOTSUPP, "bring it back from the archive tier first");
    put("BlobBeingRehydrated", Errno.EOPNOTSUPP, "wait until it is back from the archive tier");
    put("InvalidBlobType", Errno.EOPNOTSUPP, "only block blobs can be changed");
    put("BlobOverwritten", Errno.ESTALE, "the blob was changed by somebody else");
    put("LeaseIdMissing", Errno.EBUSY, "somebody holds a lease; release or break it");
    put(
        "LeaseIdMismatchWithBlobOperation",
        Errno.EBUSY,
        "somebody holds a lease; release or break it");
    put("LeaseLost", Errno.EBUSY, "somebody holds a lease; release or break it");
    put("LeaseAlreadyPresent", Errno.EBUSY, "somebody holds a lease; release or break it");
    put(
        "BlobImmutableDueToPolicy",
        Errno.EPERM,
        "an immutability policy or legal hold protects it");
    put("ResourceTypeMismatch", Errno.EISDIR, "a directory is at the place of the blob");
    put("DirectoryIsNotEmpty", Errno.ENOTEMPTY, "remove what it holds first");
    put("SnapshotsPresent", Errno.EBUSY, "delete its snapshots first");
    put("ContainerBeingDeleted", Errno.EBUSY, "wait until the container is deleted");
    put("ContainerDisabled", Errno.EACCES, "the container is disabled");
    put("PendingCopyOperation", Errno.EBUSY, "wait until the copy onto it is complete");
    put(INVALID_BLOCK_LIST, Errno.EIO, "another upload of the same blob discarded the blocks");
    put("Md5Mismatch", Errno.EIO, "the bytes changed on their way");
    put("Crc64Mismatch", Errno.EIO, "the bytes changed on their way");
    put("ServerBusy", Errno.EIO, "the account is over its limits; lower --concurrency");
    put("OperationTimedOut", Errno.ETIMEDOUT, "try again later");
    put("InternalError", Errno.EIO, "try again later");
  }

  private static void limits() {
    put("BlockCountExceedsLimit", Errno.EFBIG, "use a larger --block-size");
    put("BlockListTooLong", Errno.EFBIG, "use a larger --block-size");
    put("RequestBodyTooLarge", Errno.EFBIG, "use a smaller --block-size");
    put("InvalidRange", Errno.EINVAL, "the range lies beyond the blob's end");
    put("InvalidResourceName", Errno.EINVAL, "the service does not allow this name");
    put("InvalidUri", Errno.EINVAL, "the service does not allow this name");
    put("OutOfRangeInput", Errno.EINVAL, "a name or value is too short or too long");
    put("MetadataTooLarge", Errno.ENOSPC, "metadata may have 8 KiB");
    put("InvalidTag", Errno.EINVAL, "the service does not allow these tags");
    put("TagsTooLarge", Errno.EINVAL, "the service does not allow these tags");
    put("InvalidMetadata", Errno.EINVAL, "the service does not allow this metadata");
    put("EmptyMetadataKey", Errno.EINVAL, "the service does not allow this metadata");
  }

  private static void put(String code, Errno errno, String remedy) {
    TABLE.put(code, new Meaning(errno, remedy));
  }

  /**
   * The exception of a refusal.
   *
   * @param operation what was tried, as {@code get}
   * @param subject on what, as {@code container/name}
   * @param hint what is known beyond the table, or empty; replaces the table's remedy
   */
  public static ServiceException of(
      String operation, String subject, int status, String code, String requestId, String hint) {
    return of(operation, subject, status, code, requestId, hint, -1);
  }

  static ServiceException of(
      String operation,
      String subject,
      int status,
      String code,
      String requestId,
      String hint,
      long retryAfterMillis) {
    Meaning meaning = TABLE.getOrDefault(code, new Meaning(byStatus(status), ""));
    String remedy = hint.isEmpty() ? meaning.remedy() : hint;
    StringBuilder text = new StringBuilder(operation).append(' ').append(subject);
    text.append(": the service answered ").append(status);
    if (!code.isEmpty()) {
      text.append(' ').append(code);
    }
    if (!requestId.isEmpty()) {
      text.append(" (request ").append(requestId).append(')');
    }
    if (!remedy.isEmpty()) {
      text.append("; ").append(remedy);
    }
    return new ServiceException(
        meaning.errno(), text.toString(), status, code, requestId, retryAfterMillis);
  }

  private static Errno byStatus(int status) {
    return switch (status) {
      case 401, 403 -> Errno.EACCES;
      case 404 -> Errno.ENOENT;
      case 412 -> Errno.ESTALE;
      case 400, 416 -> Errno.EINVAL;
      case 413 -> Errno.EFBIG;
      default -> Errno.EIO;
    };
  }
}
