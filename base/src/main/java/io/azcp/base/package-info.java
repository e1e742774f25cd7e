/**
 * The shared kernel: what every module may use and that belongs to none of them: errors that carry
 * an errno, sizes, rates and durations as types, the memory budget, the metrics catalogue. Nothing
 * here knows the service, the cache or the file system.
 */
package io.azcp.base;
