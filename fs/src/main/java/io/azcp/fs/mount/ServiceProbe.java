package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.config.MappingRule;
import io.azcp.config.StorageAccount;
import io.azcp.fs.mount.ServiceOpener.Purpose;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Asks every account once, before anything is mounted, whether it lists its container: a wrong key,
 * an expired signature, a missing container are told at once. All are asked at the same time, and
 * none is waited for longer than eight seconds.
 */
final class ServiceProbe {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(8);

  private final ServiceOpener opener;

  ServiceProbe(ServiceOpener opener) {
    this.opener = opener;
  }

  /** One account's answer. */
  private static final class Answer {
    final StorageAccount account;
    final String origin;
    final CountDownLatch done = new CountDownLatch(1);
    final AtomicReference<IOException> failure = new AtomicReference<>();

    Answer(MappingRule rule) {
      this.account = rule.account();
      this.origin = rule.origin();
    }
  }

  /**
   * Asks the accounts of these rules.
   *
   * @return why accounts cannot be reached; those that answer are not in it
   * @throws AzcpException when one refuses
   */
  Map<StorageAccount, AzcpException> ask(List<MappingRule> rules) throws AzcpException {
    Map<StorageAccount, Answer> answers = new LinkedHashMap<>();
    for (MappingRule rule : rules) {
      answers.computeIfAbsent(rule.account(), a -> new Answer(rule));
    }
    for (Answer answer : answers.values()) {
      Thread thread = new Thread(() -> ask(answer), "azcp-probe-" + answer.account.name());
      thread.setDaemon(true);
      thread.start();
    }
    long deadline = System.nanoTime() + LIMIT_NANOS;
    Map<StorageAccount, AzcpException> away = new LinkedHashMap<>();
    for (Answer answer : answers.values()) {
      AzcpException failure = await(answer, deadline);
      if (failure != null) {
        away.put(answer.account, failure);
      }
    }
    return away;
  }

  private void ask(Answer answer) {
    try (BlobService service = opener.open(answer.account, Purpose.PROBE)) {
      service.list(
          answer.account.containerName(),
          new ListQuery("", false, "", 1, false),
          (name, properties) -> {});
    } catch (IOException e) {
      answer.failure.set(e);
    } finally {
      answer.done.countDown();
    }
  }

  private static AzcpException await(Answer answer, long deadline) throws AzcpException {
    boolean answered;
    try {
      answered = answer.done.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AzcpException(Errno.EINTR, "interrupted while the service was asked", e);
    }
    if (!answered) {
      return new AzcpException(
          Errno.ETIMEDOUT,
          "the service of account "
              + answer.account.accountName()
              + " did not answer within eight seconds; check the endpoint and the network");
    }
    IOException failure = answer.failure.get();
    if (failure == null) {
      return null;
    }
    String message = answer.origin + ": " + failure.getMessage();
    if (refused(failure)) {
      throw new AzcpException(AzcpException.errnoOf(failure), message, failure);
    }
    return new AzcpException(AzcpException.errnoOf(failure), message, failure);
  }

  /** An answer that says no, unlike one that is missing or says "not now". */
  private static boolean refused(IOException failure) {
    if (failure instanceof ServiceException e) {
      return e.status() < 500 && e.status() != 429;
    }
    Errno errno = AzcpException.errnoOf(failure);
    return errno == Errno.EACCES || errno == Errno.EINVAL;
  }
}
