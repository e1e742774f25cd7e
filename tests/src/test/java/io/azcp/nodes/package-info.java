/** Several nodes on one machine, and the launchers of MPI that start ranks on them. */
package io.azcp.nodes;
