/**
 * The cache folder: whole files under their own names, partial files with their range maps, claims,
 * publishing, eviction. It is given a source of bytes and does not know the service. The folder is
 * the truth: no state lives only in memory.
 */
package io.azcp.cache;
