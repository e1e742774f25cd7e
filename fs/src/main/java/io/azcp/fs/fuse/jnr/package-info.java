/**
 * The portable second binding, through libfuse 2 and jnr-fuse: for kernels and containers where the
 * protocol itself cannot be used. It speaks paths instead of nodes, a thread of libfuse waits for
 * each answer, reads are at most 128 KiB, there is no READDIRPLUS and no passthrough. Class path
 * only: jnr-fuse puts a class into a package of jnr-ffi.
 */
package io.azcp.fs.fuse.jnr;
