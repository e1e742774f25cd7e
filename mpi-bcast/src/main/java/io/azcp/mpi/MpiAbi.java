package io.azcp.mpi;

import java.util.function.ToLongFunction;

/**
 * The constants of an MPI library. There are two families: Open MPI's handles are addresses of its
 * own variables, those of MPICH and its descendants are 32-bit numbers fixed by the common MPICH
 * ABI (their mpi.h). Handles travel as 64-bit integers here in both.
 *
 * @param wideHandles whether a handle in memory takes 8 bytes rather than 4
 * @param statusIgnore what is given where no status is wanted
 * @param typeShared MPI_COMM_TYPE_SHARED
 */
record MpiAbi(
    boolean wideHandles,
    long world,
    long bytes,
    long int64,
    long max,
    long min,
    long sum,
    long noInfo,
    long errorsReturn,
    long statusIgnore,
    int typeShared) {
  /** A variable that only Open MPI has. */
  static final String MARK_OF_OPEN_MPI = "ompi_mpi_comm_world";

  static MpiAbi openMpi(ToLongFunction<String> symbol) {
    return new MpiAbi(
        true,
        symbol.applyAsLong(MARK_OF_OPEN_MPI),
        symbol.applyAsLong("ompi_mpi_byte"),
        symbol.applyAsLong("ompi_mpi_int64_t"),
        symbol.applyAsLong("ompi_mpi_op_max"),
        symbol.applyAsLong("ompi_mpi_op_min"),
        symbol.applyAsLong("ompi_mpi_op_sum"),
        symbol.applyAsLong("ompi_mpi_info_null"),
        symbol.applyAsLong("ompi_mpi_errors_return"),
        0,
        0);
  }

  static MpiAbi mpich() {
    return new MpiAbi(
        false,
        0x44000000L,
        0x4c00010dL,
        0x4c00083aL,
        0x58000001L,
        0x58000002L,
        0x58000003L,
        0x1c000000L,
        0x54000001L,
        1,
        1);
  }
}
