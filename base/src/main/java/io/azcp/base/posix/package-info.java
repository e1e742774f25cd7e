/**
 * The system calls Java lacks, through jnr-ffi, one thin class per concern. Paths are UTF-8
 * whatever the locale says; a failed call throws {@link io.azcp.base.posix.PosixException} with the
 * call, the path and the errno. Nothing here knows why it is called.
 */
package io.azcp.base.posix;
