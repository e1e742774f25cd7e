package io.azcp.transfer.blob;

class MemoryBlobServiceTest extends BlobServiceContract {
  private final MemoryBlobService service = new MemoryBlobService();

  @Override
  BlobService service() {
    return service;
  }
}
