package io.azcp.cache;

import java.util.concurrent.atomic.AtomicBoolean;

/** One open of a file, with the plan of whoever reads through it. */
final class Handle implements CachedFile {
  private final OpenFiles files;
  private final OpenFile file;
  private final ReadPlanner planner;
  private final AtomicBoolean closed = new AtomicBoolean();

  Handle(OpenFiles files, OpenFile file) {
    this.files = files;
    this.file = file;
    this.planner = new ReadPlanner(file.key().version().length());
  }

  @Override
  public String name() {
    return file.key().name();
  }

  @Override
  public BlobVersion version() {
    return file.key().version();
  }

  @Override
  public int fd() {
    return file.fd();
  }

  @Override
  public boolean whole() {
    return file.whole();
  }

  @Override
  public long presentBytes() {
    return file.presentBytes();
  }

  @Override
  public boolean present(long offset, long length) {
    return file.present(offset, length);
  }

  @Override
  public void ensure(long offset, long length, boolean urgent, FaultListener listener) {
    file.ensure(offset, length, urgent, planner, listener);
  }

  @Override
  public void willBeChanged() {
    file.willBeChanged();
  }

  @Override
  public void readPast(long offset, int length, PastListener listener) {
    file.readPast(offset, length, listener);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      files.releaseHandle(file);
    }
  }
}
