/**
 * Measures reading through a mount: against a stand-in of the blob service, and the native file
 * system or {@code azcp copy} in the same run.
 */
package io.azcp.bench.mount;
