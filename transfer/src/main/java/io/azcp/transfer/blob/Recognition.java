package io.azcp.transfer.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells whether what is found after a refused repetition is what the first attempt made: by the
 * operation id ({@link MetadataKeys#OPERATION}) where the caller set one, else by the content.
 */
final class Recognition {
  private Recognition() {}

  /** Whether the caller can tell its changes from those of others. */
  static boolean marked(Map<String, String> metadata) {
    return metadata.containsKey(MetadataKeys.OPERATION);
  }

  static boolean byOperation(BlobProperties found, Map<String, String> sent) {
    String operation = sent.get(MetadataKeys.OPERATION);
    return operation.equals(found.metadataValue(MetadataKeys.OPERATION));
  }

  /** Whether this blob is a body that was put. */
  static boolean of(BlobProperties found, BodySource body, PutOptions options) throws IOException {
    if (marked(options.metadata())) {
      return byOperation(found, options.metadata());
    }
    return found.length() == body.length() && found.contentMd5().equals(md5(body, options));
  }

  /** Whether this blob has the content of a source: it is told, or the MD5 says so. */
  static boolean ofCopy(BlobProperties found, BlobProperties source, String place) {
    boolean sameMd5 =
        !source.contentMd5().isEmpty() && source.contentMd5().equals(found.contentMd5());
    return source.length() == found.length()
        && (sameMd5 || found.details().copySource().equals(place));
  }

  static boolean ofMetadata(BlobProperties found, Map<String, String> sent) {
    return caseless(found.metadata()).equals(caseless(sent));
  }

  static boolean ofHeaders(BlobProperties found, PutOptions sent) {
    BlobHeaders now = found.details().headers();
    BlobHeaders wanted = sent.headers();
    return found.contentMd5().equals(sent.contentMd5())
        && (sent.contentType().isEmpty() || found.contentType().equals(sent.contentType()))
        && now.contentEncoding().equals(wanted.contentEncoding())
        && now.contentLanguage().equals(wanted.contentLanguage())
        && now.contentDisposition().equals(wanted.contentDisposition())
        && now.cacheControl().equals(wanted.cacheControl());
  }

  private static Map<String, String> caseless(Map<String, String> metadata) {
    Map<String, String> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    map.putAll(metadata);
    return map;
  }

  private static String md5(BodySource body, PutOptions options) throws IOException {
    if (!options.contentMd5().isEmpty()) {
      return options.contentMd5();
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
      for (long at = 0; at < body.length(); ) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), body.length() - at));
        int n = body.read(at, buffer);
        if (n <= 0) {
          return "";
        }
        digest.update(buffer.flip());
        at += n;
      }
      return Base64.getEncoder().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
