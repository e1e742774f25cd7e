/**
 * The index: what can be had again from the folder and the service, kept beside the folder so that
 * it need not be. Losing it costs requests, never data.
 */
package io.azcp.cache.index;
