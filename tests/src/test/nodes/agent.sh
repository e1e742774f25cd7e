#!/usr/bin/env bash
# Runs a command inside a node that nodes.sh made: agent.sh [OPTION...] NODE COMMAND...
# The words are for a shell, as with ssh: launchers of MPI start their daemons through it (Open MPI:
# --mca plm_rsh_agent; MPICH: -launcher rsh -launcher-exec). NODES_STATE names the folder.
set -euo pipefail
while [[ ${1:-} == -* ]]; do shift; done
host=$1
shift
for name in "$NODES_STATE"/pids/*; do
  if [[ ${name##*/} == "$host" ]]; then
    exec nsenter -t "$(<"$name")" -n -u -m -i /bin/bash -c "$*"
  fi
done
echo "agent.sh: no node $host" >&2
exit 1
