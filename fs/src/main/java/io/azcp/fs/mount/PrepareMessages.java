package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.mount.control.Message;
import io.azcp.prefetch.PrepareOptions;
import io.azcp.prefetch.PrepareResult;
import io.azcp.prefetch.PrepareResult.Failure;
import java.util.ArrayList;
import java.util.List;

/** A preparation's request and result as the control protocol tells them. */
final class PrepareMessages {
  private PrepareMessages() {}

  /**
   * A request.
   *
   * @param list a file with more paths, or null
   */
  static Message request(List<String> paths, String list, PrepareOptions options) {
    Message request =
        Message.empty()
            .with("paths", paths)
            .with("pin", options.pin())
            .with("check", options.check())
            .with("inOrder", options.inOrder())
            .with("aheadBytes", options.aheadBytes());
    return list == null ? request : request.with("manifest", list);
  }

  /** What a request says of how; nothing of it has to be said. */
  static PrepareOptions options(Message request) throws AzcpException {
    long ahead = request.has("aheadBytes") ? request.number("aheadBytes") : 0;
    return new PrepareOptions(
        request.flag("pin"), request.flag("check"), request.flag("inOrder"), Math.max(0, ahead));
  }

  static Message of(PrepareResult result, List<Message> failures) {
    return Message.empty()
        .with("files", result.files())
        .with("bytes", result.bytes())
        .with("filesThere", result.filesThere())
        .with("bytesThere", result.bytesThere())
        .with("filesSkipped", result.filesSkipped())
        .with("filesMissing", result.filesMissing())
        .with("bytesMissing", result.bytesMissing())
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
        result.has("filesMissing") ? result.number("filesMissing") : 0,
        result.has("bytesMissing") ? result.number("bytesMissing") : 0,
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
