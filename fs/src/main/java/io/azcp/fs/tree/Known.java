package io.azcp.fs.tree;

/**
 * What is known of a name and for how long it may be believed.
 *
 * @param found what lies there
 * @param freshNanos nanoseconds left; 0 when it must be asked again
 */
record Known(Found found, long freshNanos) {}
