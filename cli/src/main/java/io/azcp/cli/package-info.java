/**
 * The command line: one class a command, which parses its arguments, calls the room that does the
 * work, and prints. No decision about data is made here.
 */
package io.azcp.cli;
