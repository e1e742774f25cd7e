/**
 * The MPI binding. Empty until the cluster prefill is built: nothing in the program claims to use
 * it.
 */
package io.azcp.mpi;
