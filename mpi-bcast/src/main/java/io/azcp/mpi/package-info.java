/**
 * The ranks of a run and what they do together: one interface, {@link io.azcp.mpi.Communicator},
 * served by the machine's MPI library or by the threads of one process.
 */
package io.azcp.mpi;
