package io.azcp.transfer.blob.strict;

/** A refusal, by its status and code. */
final class StrictRefusal extends Exception {
  final int status;
  final String code;

  StrictRefusal(int status, String code) {
    super(code);
    this.status = status;
    this.code = code;
  }
}
