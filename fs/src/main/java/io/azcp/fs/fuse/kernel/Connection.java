package io.azcp.fs.fuse.kernel;

import io.azcp.fs.fuse.FileSystemPort;

/**
 * What all requests of one mount share.
 *
 * @param port what is served
 * @param buffers memory for answers
 * @param inFlight requests waiting for their answer
 * @param handles what is open
 * @param passthrough the mode of each open node
 */
record Connection(
    FileSystemPort port,
    ReplyBuffers buffers,
    InFlight inFlight,
    OpenHandles handles,
    PassthroughTable passthrough) {}
