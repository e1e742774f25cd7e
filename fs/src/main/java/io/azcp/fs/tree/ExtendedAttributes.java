package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.Cache;
import io.azcp.fs.writeback.LocalFile;
import io.azcp.fs.writeback.PosixAttributes;
import io.azcp.fs.writeback.RemoteFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/**
 * Extended attributes. Those of {@code user.} are kept with the other attributes, in blob metadata.
 * {@code user.azcp.*} tell how a file stands: {@code state} (dirty, uploading, whole, partial,
 * remote), {@code etag}, {@code url}, {@code content-md5}, {@code cached} (bytes); they can be read
 * and are not listed, so that cp -a and tar leave them alone. There are no others. Thread-safe.
 */
final class ExtendedAttributes {
  private static final String PREFIX = "user.azcp.";

  /** XATTR_CREATE and XATTR_REPLACE of linux/xattr.h. */
  private static final int CREATE = 1;

  private static final int REPLACE = 2;

  private final Locator locator;
  private final AttributeChanges changes;

  ExtendedAttributes(Locator locator, AttributeChanges changes) {
    this.locator = locator;
    this.changes = changes;
  }

  private static boolean startsWith(byte[] name, String prefix) {
    byte[] start = Paths.bytes(prefix);
    return name.length > start.length
        && Arrays.equals(name, 0, start.length, start, 0, start.length);
  }

  /**
   * The value of an attribute; null for none, which is what the kernel asks of each new file
   * (security.capability) and must cost little.
   */
  byte[] get(long id, byte[] name) throws IOException {
    Node node = locator.node(id);
    byte[] value = null;
    if (node.volume() != null && startsWith(name, PREFIX)) {
      String text = Paths.text(name);
      String ours = text == null ? null : value(node, text.substring(PREFIX.length()));
      value = ours == null ? null : Paths.bytes(ours);
    } else if (startsWith(name, UserAttributes.NAMESPACE)) {
      value = UserAttributes.get(attributes(node), name);
    }
    return value;
  }

  private static AzcpException none() {
    return new AzcpException(Errno.ENODATA, "there is no such attribute");
  }

  byte[] list(long id) throws IOException {
    return UserAttributes.list(attributes(locator.node(id)));
  }

  private PosixAttributes attributes(Node node) {
    if (node.volume() != null) {
      locator.refresh(node);
    }
    LocalFile local = Stats.local(node);
    if (local != null) {
      return local.attributes();
    }
    return node.found instanceof Found.Remote r
        ? r.file().attributes()
        : ((Found.Directory) node.found).attributes();
  }

  private Node changeable(long id, byte[] name) throws AzcpException {
    Node node = locator.node(id);
    if (node.volume() == null) {
      throw new AzcpException(Errno.EROFS, "a directory that only leads to rules cannot change");
    }
    node.volume().checkWritable();
    if (startsWith(name, PREFIX)) {
      throw new AzcpException(Errno.EPERM, "attributes user.azcp.* can only be read");
    }
    if (!startsWith(name, UserAttributes.NAMESPACE)) {
      throw new AzcpException(Errno.EOPNOTSUPP, "only attributes user.* are kept");
    }
    return node;
  }

  void set(long id, byte[] name, byte[] value, int flags) throws IOException {
    Node node = changeable(id, name);
    changes.change(
        node,
        was -> {
          boolean there = UserAttributes.get(was, name) != null;
          if (there && (flags & CREATE) != 0) {
            throw new AzcpException(Errno.EEXIST, "there is such an attribute");
          }
          if (!there && (flags & REPLACE) != 0) {
            throw none();
          }
          return AttributeChanges.touched(UserAttributes.with(was, name, value, others(node)));
        });
  }

  /** Metadata of the node's blob that are kept beside ours. */
  private static Map<String, String> others(Node node) {
    LocalFile local = Stats.local(node);
    if (local != null) {
      return local.othersMetadata();
    }
    RemoteFile blob =
        node.found instanceof Found.Directory d ? d.marker() : Removals.remote(node.found);
    return blob == null ? Map.of() : blob.othersMetadata();
  }

  void remove(long id, byte[] name) throws IOException {
    Node node = changeable(id, name);
    changes.change(
        node,
        was -> {
          if (UserAttributes.get(was, name) == null) {
            throw none();
          }
          return AttributeChanges.touched(UserAttributes.without(was, name));
        });
  }

  private String value(Node node, String name) throws IOException {
    locator.refresh(node);
    Volume volume = node.volume();
    if (name.equals("url")) {
      RemoteFile file = remote(node);
      String path = file == null ? node.path() : file.blob();
      return volume.service().account().at(volume.container(), volume.rule().blobName(path)) + "";
    }
    if (node.isDirectory()) {
      return null;
    }
    LocalFile local = Stats.local(node);
    RemoteFile file = remote(node);
    return switch (name) {
      case "state" -> local != null ? state(local) : state(volume.cache(), file);
      case "etag" -> file == null ? null : file.version().etag();
      case "content-md5" ->
          file == null || file.version().contentMd5().isEmpty()
              ? null
              : file.version().contentMd5();
      case "cached" ->
          Long.toString(
              local != null
                  ? local.size()
                  : volume.cache().presentBytes(file.blob(), file.version()));
      default -> null;
    };
  }

  private static RemoteFile remote(Node node) {
    return Removals.remote(node.found);
  }

  private static String state(LocalFile local) {
    return local.uploading() ? "uploading" : "dirty";
  }

  private static String state(Cache cache, RemoteFile file) throws IOException {
    if (cache.isWhole(file.blob(), file.version())) {
      return "whole";
    }
    return cache.presentBytes(file.blob(), file.version()) > 0 ? "partial" : "remote";
  }
}
