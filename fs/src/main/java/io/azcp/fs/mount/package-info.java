/**
 * A mount's life: what is asked for, the checks before it starts, the rules at work in it, the
 * daemon that serves it, status, leaving. Puts the other rooms together and decides nothing of
 * theirs.
 */
package io.azcp.fs.mount;
