package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.mount.Leftovers;
import io.azcp.fs.mount.MappedPlace;
import io.azcp.fs.mount.control.ControlClient.ProgressLine;
import io.azcp.fs.mount.control.Message;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.OpenedService;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A command on places in the service, which a URL names, or a path that a rule maps. */
abstract class PlaceCommand extends PathCommand {
  PlaceCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  /**
   * Opens what a text names; empty for a plain local file.
   *
   * @param bulk whether many bytes will move
   */
  final Optional<BlobPlace> place(String text, boolean bulk) throws IOException {
    if (BlobUrl.isUrl(text)) {
      BlobUrl url = Location.inContainer(text, invocation, global);
      OpenedService opened = Services.open(url, invocation, global, bulk);
      return Optional.of(new BlobPlace(opened, url.container(), url.name(), null));
    }
    Optional<MappedPlace> mapped = requests().place(text);
    return mapped.isEmpty() ? Optional.empty() : Optional.of(place(mapped.get(), bulk));
  }

  /** Opens a mapped place. */
  final BlobPlace place(MappedPlace mapped, boolean bulk) throws IOException {
    OpenedService opened =
        new AccountServices(invocation.env(), global)
            .opened(mapped.rule().account(), bulk, this::complain);
    return new BlobPlace(opened, mapped.container(), mapped.blobName(), mapped);
  }

  /** The same for what must be one blob. */
  final BlobPlace blob(String text) throws IOException {
    BlobPlace place =
        place(text, false)
            .orElseThrow(
                () ->
                    new AzcpException(
                        Errno.EINVAL,
                        text + " is a plain local file: no rule and no mount has it"));
    if (place.name().isEmpty() || place.name().endsWith("/")) {
      place.close();
      throw new AzcpException(Errno.EISDIR, text + " names no blob but a directory or container");
    }
    return place;
  }

  /** Prints what was done to a place. */
  final void told(BlobPlace place, String status, String sentence) {
    if (!global.json()) {
      out().println(sentence);
      return;
    }
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("type", "blob");
    object.put("name", place.shown());
    object.put("status", status);
    object(object);
  }

  /** Uploads what is pending at a mapped place, so that the service has what the user sees. */
  final void settle(String text, BlobPlace place) throws IOException {
    if (place.mapped() == null) {
      return;
    }
    Message left = requests().flush(text, false, ProgressLine.NONE);
    if (!left.flag("complete")) {
      throw new AzcpException(Errno.EBUSY, Leftovers.sentence(left));
    }
  }

  /** Makes a mount that serves a mapped place ask the service again. */
  final void changed(String text, BlobPlace place) throws IOException {
    if (place.mapped() != null && place.mapped().isMounted()) {
      requests().refresh(text);
    }
  }

  /** The same where what is cached of it is of no use any more. */
  final void gone(String text, BlobPlace place) throws IOException {
    if (place.mapped() != null) {
      changed(text, place);
      requests().evict(text, true);
    }
  }
}
