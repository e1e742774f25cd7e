/**
 * How much is asked of a service at once: connections that adapt to what it bears, bytes and
 * requests a second. Control laws over a clock; they neither wait nor know what a request is.
 */
package io.azcp.transfer.limit;
