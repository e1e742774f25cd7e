/**
 * A Blob service over HTTP that keeps to the letter of the protocol where real ones are strict and
 * where other stand-ins are not.
 */
package io.azcp.transfer.blob.strict;
