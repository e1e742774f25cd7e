package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.Cache;
import io.azcp.fs.writeback.LocalFile;
import io.azcp.fs.writeback.RemoteFile;
import java.io.IOException;

/**
 * The attributes {@code user.azcp.*} that tell how a file stands: {@code state} (dirty, uploading,
 * whole, partial, remote), {@code etag}, {@code url}, {@code content-md5}, {@code cached} (bytes).
 * They can be read and are not listed, so that cp -a and tar leave them alone. Others are not kept.
 */
final class ExtendedAttributes {
  private static final String PREFIX = "user.azcp.";

  private final Locator locator;

  ExtendedAttributes(Locator locator) {
    this.locator = locator;
  }

  byte[] get(long id, byte[] name) throws IOException {
    Node node = locator.node(id);
    String text = Paths.text(name);
    boolean ours = text != null && text.startsWith(PREFIX) && node.volume() != null;
    String value = ours ? value(node, text.substring(PREFIX.length())) : null;
    if (value == null) {
      throw new AzcpException(Errno.ENODATA, "there is no such attribute");
    }
    return Paths.bytes(value);
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
