package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.mount.control.Message;
import io.azcp.prefetch.PrepareResult;
import io.azcp.prefetch.PrepareResult.Failure;
import java.util.ArrayList;
import java.util.List;

/** A preparation's result as the control protocol tells it. */
final class PrepareMessages {
  private PrepareMessages() {}

  static Message of(PrepareResult result, List<Message> failures) {
    return Message.empty()
        .with("files", result.files())
        .with("bytes", result.bytes())
        .with("filesThere", result.filesThere())
        .with("bytesThere", result.bytesThere())
        .with("filesSkipped", result.filesSkipped())
        .with("filesFailed", result.filesFailed())
        .with("failures", failures);
  }

  static Message failure(String path, Failure f) {
    return Message.empty()
        .with("path", path)
        .with("errno", f.errno().name())
        .with("message", f.message());
  }

  static PrepareResult parse(Message result) throws AzcpException {
    List<Failure> failures = new ArrayList<>();
    for (Message f : result.objects("failures")) {
      failures.add(new Failure(f.text("path"), errno(f.text("errno")), f.text("message")));
    }
    return new PrepareResult(
        result.number("files"),
        result.number("bytes"),
        result.number("filesThere"),
        result.number("bytesThere"),
        result.number("filesSkipped"),
        result.number("filesFailed"),
        failures);
  }

  private static Errno errno(String name) {
    try {
      return Errno.valueOf(name);
    } catch (IllegalArgumentException e) {
      // A newer daemon may know more of them.
      return Errno.EIO;
    }
  }
}
