/**
 * The control protocol of a running mount: line-JSON over a Unix-domain socket that only its user
 * can reach, and the folder in which live mounts are found. Knows no tree, no cache, no binding:
 * what a request means is told by a {@link io.azcp.fs.mount.control.ControlHandler}. The protocol
 * is described in docs/reference/control-protocol.md.
 */
package io.azcp.fs.mount.control;
