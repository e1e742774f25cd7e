package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;

/** The content may not be committed as it was read: it changed, or goes elsewhere now. */
final class Superseded extends AzcpException {
  private static final long serialVersionUID = 1;

  Superseded(String name) {
    super(Errno.ECANCELED, name + " changed while it was uploaded; it is sent again");
  }
}
