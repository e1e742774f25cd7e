package io.azcp.transfer.blob;

/**
 * When the service must refuse a change; both null: never.
 *
 * @param ifMatch ETag without quotes the blob must have; refused with {@code ESTALE}
 * @param ifNoneMatch {@code *} for "must not exist"; refused with {@code EEXIST}
 */
public record Conditions(String ifMatch, String ifNoneMatch) {
  /** No condition. */
  public static final Conditions NONE = new Conditions(null, null);

  /** The blob must not exist. */
  public static final Conditions ABSENT = new Conditions(null, "*");

  /** The blob must have this ETag. */
  public static Conditions match(String etag) {
    return new Conditions(etag, null);
  }
}
