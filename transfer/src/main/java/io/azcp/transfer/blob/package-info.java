/**
 * The Blob REST service as this program sees it: {@link io.azcp.transfer.blob.BlobService} and its
 * implementations (the real one over blocking connections, decorators for retries, an honest memory
 * fake), URLs, credentials, strict name encoding, listing. Knows no files, no cache, no plan.
 */
package io.azcp.transfer.blob;
