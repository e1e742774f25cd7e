package io.azcp.mpi;

import com.kenai.jffi.Library;
import io.azcp.base.UsageException;
import io.azcp.base.posix.Native;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * The functions of the machine's MPI library, with codes turned into exceptions. Nothing here waits
 * for another process but {@link #init}, {@link #finish} and the making of communicators.
 *
 * <p>Not thread-safe: everything happens on the thread that called {@link #init}.
 */
final class MpiLibrary {
  /** Only the thread that called MPI_Init_thread calls MPI: MPI_THREAD_FUNNELED. */
  private static final int FUNNELED = 1;

  /** Open MPI's plug-ins look for its symbols globally. */
  private static final int NOW_AND_GLOBAL = Library.NOW | Library.GLOBAL;

  private static final int UNUSED_TAG = 9;

  /** In nanoseconds. */
  private static final long LINGER = 100_000_000;

  /** MPI_MAX_LIBRARY_VERSION_STRING is 8192 or 256, MPI_MAX_ERROR_STRING at most 1024. */
  private static final int TEXT = 8192;

  /** Of the C library. */
  public interface Environment {
    int setenv(String name, String value, int overwrite);
  }

  /**
   * As in the MPI standard; handles as 64-bit integers, addresses too where nothing is read back.
   */
  @SuppressWarnings("checkstyle")
  public interface Calls {
    int MPI_Init_thread(long argc, long argv, int required, Pointer provided);

    int MPI_Get_library_version(Pointer text, Pointer length);

    int MPI_Error_string(int code, Pointer text, Pointer length);

    int MPI_Comm_rank(long communicator, Pointer rank);

    int MPI_Comm_size(long communicator, Pointer size);

    int MPI_Comm_dup(long communicator, Pointer copy);

    int MPI_Comm_split_type(long communicator, int type, int key, long info, Pointer part);

    int MPI_Comm_free(Pointer communicator);

    int MPI_Comm_set_errhandler(long communicator, long handler);

    int MPI_Ibcast(
        long address, int count, long type, int root, long communicator, Pointer request);

    int MPI_Iallreduce(
        long from, Pointer to, int count, long type, long op, long communicator, Pointer request);

    int MPI_Ibarrier(long communicator, Pointer request);

    int MPI_Isend(
        long from, int count, long type, int to, int tag, long communicator, Pointer request);

    int MPI_Irecv(
        long to, int count, long type, int from, int tag, long communicator, Pointer request);

    int MPI_Test(Pointer request, Pointer done, long status);

    int MPI_Abort(long communicator, int code);

    int MPI_Finalize();
  }

  private final Calls calls;
  private final MpiAbi abi;
  private final String file;
  private final Runtime runtime;
  private final Pointer scratch;
  private final Pointer flag;
  private final Pointer text;

  private MpiLibrary(Calls calls, MpiAbi abi, String file) {
    this.calls = calls;
    this.abi = abi;
    this.file = file;
    this.runtime = Runtime.getRuntime(calls);
    this.scratch = runtime.getMemoryManager().allocateDirect(64, true);
    this.flag = runtime.getMemoryManager().allocateDirect(64, true);
    this.text = runtime.getMemoryManager().allocateDirect(TEXT, true);
  }

  /** Loads the first of these that is there. */
  static MpiLibrary load(List<String> files) throws UsageException {
    // UCX would take SIGSEGV from the JVM, which needs it for null checks, and end the process.
    LibraryLoader.create(Environment.class).load("c").setenv("UCX_ERROR_SIGNALS", "", 1);
    List<String> reasons = new ArrayList<>();
    for (String file : files) {
      Library library = Library.openLibrary(file, NOW_AND_GLOBAL);
      if (library == null) {
        reasons.add(Library.getLastError());
      } else if (library.getSymbolAddress("MPI_Init_thread") == 0) {
        reasons.add(file + " is no MPI library");
      } else {
        boolean openMpi = library.getSymbolAddress(MpiAbi.MARK_OF_OPEN_MPI) != 0;
        MpiAbi abi = openMpi ? MpiAbi.openMpi(name -> symbol(library, name, file)) : MpiAbi.mpich();
        return new MpiLibrary(LibraryLoader.create(Calls.class).load(file), abi, file);
      }
    }
    throw new UsageException(
        "there is no MPI library here ("
            + String.join("; ", reasons)
            + "); install Open MPI or MPICH, or name the launcher's library in "
            + LaunchEnvironment.LIBRARY_VARIABLE);
  }

  private static long symbol(Library library, String name, String file) {
    long address = library.getSymbolAddress(name);
    if (address == 0) {
      throw new UnsatisfiedLinkError(file + " lacks " + name);
    }
    return address;
  }

  /** Joins the processes that the launcher started; from now on failures are exceptions. */
  void init() throws CommunicatorException {
    check("MPI_Init_thread", calls.MPI_Init_thread(0, 0, FUNNELED, scratch));
    check(
        "MPI_Comm_set_errhandler", calls.MPI_Comm_set_errhandler(abi.world(), abi.errorsReturn()));
  }

  /** The name and version that the library gives itself, and its file. */
  String version() {
    String told = libraryText().split("[,\n]", 2)[0];
    return told.replaceAll("\\s+", " ").strip() + " (" + file + ")";
  }

  private String libraryText() {
    scratch.putInt(0, 0);
    calls.MPI_Get_library_version(text, scratch);
    return text.getString(0, TEXT, StandardCharsets.UTF_8);
  }

  long world() {
    return abi.world();
  }

  int rank(long communicator) throws CommunicatorException {
    check("MPI_Comm_rank", calls.MPI_Comm_rank(communicator, scratch));
    return scratch.getInt(0);
  }

  int size(long communicator) throws CommunicatorException {
    check("MPI_Comm_size", calls.MPI_Comm_size(communicator, scratch));
    return scratch.getInt(0);
  }

  /** The same ranks, whose messages never meet those of the original. */
  long copy(long communicator) throws CommunicatorException {
    check("MPI_Comm_dup", calls.MPI_Comm_dup(communicator, scratch));
    return handle();
  }

  /** The ranks of this machine, in the order of all. */
  long sameNode() throws CommunicatorException {
    check(
        "MPI_Comm_split_type",
        calls.MPI_Comm_split_type(
            abi.world(), abi.typeShared(), rank(abi.world()), abi.noInfo(), scratch));
    return handle();
  }

  void free(long communicator) throws CommunicatorException {
    put(communicator);
    check("MPI_Comm_free", calls.MPI_Comm_free(scratch));
  }

  long startBroadcast(long address, int bytes, int root) throws CommunicatorException {
    check("MPI_Ibcast", calls.MPI_Ibcast(address, bytes, abi.bytes(), root, abi.world(), scratch));
    return handle();
  }

  /** Both buffers hold so many 64-bit integers and stay until the request is done. */
  long startAllreduce(ByteBuffer from, ByteBuffer to, int count, Communicator.Reduction reduction)
      throws CommunicatorException {
    long op =
        switch (reduction) {
          case MAX -> abi.max();
          case MIN -> abi.min();
          case SUM -> abi.sum();
        };
    check(
        "MPI_Iallreduce",
        calls.MPI_Iallreduce(
            Native.address(from),
            Pointer.wrap(runtime, Native.address(to)),
            count,
            abi.int64(),
            op,
            abi.world(),
            scratch));
    return handle();
  }

  long startBarrier() throws CommunicatorException {
    check("MPI_Ibarrier", calls.MPI_Ibarrier(abi.world(), scratch));
    return handle();
  }

  long startSend(long address, int bytes, int to, int tag, long communicator)
      throws CommunicatorException {
    check(
        "MPI_Isend", calls.MPI_Isend(address, bytes, abi.bytes(), to, tag, communicator, scratch));
    return handle();
  }

  long startReceive(long address, int bytes, int from, int tag, long communicator)
      throws CommunicatorException {
    check(
        "MPI_Irecv",
        calls.MPI_Irecv(address, bytes, abi.bytes(), from, tag, communicator, scratch));
    return handle();
  }

  /** Whether a request is done; it is used up then. Also moves everything else on. */
  boolean test(long request) throws CommunicatorException {
    put(request);
    check("MPI_Test", calls.MPI_Test(scratch, flag, abi.statusIgnore()));
    return flag.getInt(0) != 0;
  }

  /** Ends all ranks; returns where the library does not end this one itself. */
  void abort(int code) {
    calls.MPI_Abort(abi.world(), code);
  }

  /**
   * Ends the use of the library. All ranks have said farewell, and nothing is under way.
   *
   * <p>MPI_Finalize of MPICH over UCX hangs in one of three runs over TCP, a program in C too: an
   * endpoint is flushed to a rank that has stopped to answer (openucx/ucx issue 8738). There the
   * last words are helped on their way instead, and the process just ends, which MPICH's launcher
   * takes for an end like any other.
   */
  void finish() throws CommunicatorException {
    if (!libraryText().contains("ch4:ucx")) {
      check("MPI_Finalize", calls.MPI_Finalize());
      return;
    }
    // Nobody sends this; asking for it moves everything else.
    ByteBuffer nothing = Native.buffer(1);
    long never = startReceive(Native.address(nothing), 1, rank(world()), UNUSED_TAG, world());
    long end = System.nanoTime() + LINGER;
    while (System.nanoTime() - end < 0 && !test(never)) {
      LockSupport.parkNanos(LINGER / 100);
    }
  }

  private long handle() {
    return abi.wideHandles() ? scratch.getLong(0) : scratch.getInt(0) & 0xFFFF_FFFFL;
  }

  private void put(long handle) {
    if (abi.wideHandles()) {
      scratch.putLong(0, handle);
    } else {
      scratch.putInt(0, (int) handle);
    }
  }

  private void check(String call, int code) throws CommunicatorException {
    if (code != 0) {
      scratch.putInt(0, 0);
      calls.MPI_Error_string(code, text, scratch);
      String told = text.getString(0, TEXT, StandardCharsets.UTF_8);
      throw new CommunicatorException(
          HostName.own() + ": " + call + " failed: " + told.replaceAll("\\s+", " ").strip());
    }
  }
}
