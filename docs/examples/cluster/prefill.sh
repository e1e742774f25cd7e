#!/usr/bin/env bash
# Fills the nodes of a hostfile with Open MPI: prefill.sh HOSTFILE SOURCE DESTINATION [OPTION...]
# azcp and Open MPI are at the same place on every node, and ssh from here needs no password.
#
#   IFACE=eth0      the network card for the data, where nodes have several
#   AZURE_STORAGE_ACCOUNT, AZURE_STORAGE_KEY, ...   only here: rank 0 hands the credential on
set -euo pipefail
hosts=$1 source=$2 destination=$3
shift 3

# Open MPI would bind a rank to one core where there are two, and to one socket where there are more.
options=(--hostfile "$hosts" --map-by node --bind-to none)
# Where a node vanishes, mpirun waits for its daemon there until TCP gives up, a quarter of an hour,
# unless it notices before azcp does (after a minute of silence).
options+=(--mca oob_tcp_keepalive_time 20 --mca oob_tcp_keepalive_intvl 5
  --mca oob_tcp_keepalive_probes 4)
if [[ -n ${IFACE:-} ]]; then
  # TCP. Without these two lines Open MPI takes the fastest network it finds, RDMA too.
  options+=(--mca pml ob1 --mca btl tcp,self --mca btl_tcp_if_include "$IFACE"
    --mca oob_tcp_if_include "$IFACE")
fi
exec mpirun "${options[@]}" "${AZCP:-azcp}" cluster "$source" "$destination" \
  --compare size --shard-size 1GiB --bcast-pipeline 4 --no-progress "$@"
