/**
 * The FUSE protocol itself: /dev/fuse, requests and replies, passthrough. Serves a {@link
 * io.azcp.fs.fuse.FileSystemPort}.
 */
package io.azcp.fs.fuse.kernel;
