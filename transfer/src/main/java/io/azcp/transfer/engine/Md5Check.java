package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;

/** Compares the MD5 of what came with the one stored with the blob, as a job's options say. */
final class Md5Check {
  private final Job job;
  private final CheckMd5 policy;

  Md5Check(Job job) {
    this.job = job;
    this.policy = job.options.checkMd5();
  }

  /** Whether content of any size is checked, not only what comes whole in one answer. */
  boolean ofAll() {
    return policy != CheckMd5.AUTO && policy != CheckMd5.NO_CHECK;
  }

  /**
   * What computes the MD5 of content that is about to come; null where none is wanted.
   *
   * @param stored the blob's MD5 in Base64, or empty
   * @param whole whether all of it comes in one answer
   * @throws AzcpException where there must be one and is none
   */
  ContentMd5 begin(String name, String stored, boolean whole) throws AzcpException {
    if (stored.isEmpty()) {
      if (policy == CheckMd5.FAIL_IF_DIFFERENT_OR_MISSING) {
        throw new AzcpException(
            Errno.ENODATA,
            name
                + ": no MD5 is stored with the blob; upload it again with --put-md5, or check with"
                + " --check-md5=FailIfDifferent");
      }
      return null;
    }
    boolean wanted = ofAll() || (policy == CheckMd5.AUTO && whole);
    return wanted ? new ContentMd5() : null;
  }

  /**
   * Compares.
   *
   * @param md5 what {@link #begin} answered, having seen everything
   * @throws AzcpException {@code EIO} where they differ and that is a failure
   */
  void end(String name, String stored, ContentMd5 md5) throws AzcpException {
    if (md5 == null || md5.base64().equals(stored)) {
      return;
    }
    String sentence =
        name
            + ": the MD5 of what came is not the one stored with the blob; copy it again, and if"
            + " it stays so, the blob was damaged before or during its upload";
    if (policy == CheckMd5.LOG_ONLY) {
      job.warn(sentence);
    } else {
      throw new AzcpException(Errno.EIO, sentence);
    }
  }
}
