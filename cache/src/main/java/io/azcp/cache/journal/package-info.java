/**
 * What makes changes survive the process that made them: an append-only file of records, and the
 * folder of one mount's staging files. What the records say is defined by who writes them.
 */
package io.azcp.cache.journal;
