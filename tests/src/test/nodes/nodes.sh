#!/usr/bin/env bash
# Several nodes on one machine: each has a network, a host name, a /dev/shm and a disk of its own,
# and all are joined by a bridge that only they see. Needs root.
#
#   nodes.sh STATE N [COMMAND...]     brings N nodes up, runs COMMAND inside the first (without one:
#                                     says "ready" and waits for the end of its input), and takes
#                                     everything down again, whatever happened
#
# STATE is a folder to make. In it: `local`, which every node sees as its own disk (a tmpfs of
# NODE_DISK, for node K of NODE_DISK_K, bytes or 512m; 1g if not given), `hosts`, and `pids/NAME`,
# a process to enter the node by. The nodes are node1, node2 and so on at 10.77.0.K, the bridge
# itself is a machine too: store at 10.77.0.254. agent.sh runs a command inside one.
#
# A node lives as long as its process, and that as long as this script: nothing is left that a
# later run could find, also where this script is killed.
set -euo pipefail

(($# >= 2)) || { sed -n '2,17s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -m 700 "$1"
state=$(cd "$1" && pwd)
count=$2
shift 2
export NODES_STATE=$state

# What is written here nobody reads: nodes end when the writer, this script, is gone.
mkfifo "$state/life"
exec {life}<>"$state/life"
mkdir "$state/pids" "$state/local"

take_down() {
  local code=$? pid
  trap - EXIT INT TERM
  set +e
  # The shell would tell of each process killed.
  exec 2>/dev/null
  # What runs inside ends first: it would keep the node.
  for pid in $(inside); do kill -9 "$pid"; done
  wait
  rm -rf --one-file-system "$state"
  exit "$code"
}

# inside: all processes in the networks of the nodes. One find, not a fork for each process here.
inside() {
  local name pid network networks=" "
  for name in "$state"/pids/*; do
    networks+="$(readlink "/proc/$(<"$name")/ns/net") "
  done
  find /proc/[0-9]*/ns/net -maxdepth 0 -printf '%h %l\n' | while read -r pid network; do
    pid=${pid#/proc/}
    [[ $networks == *" $network "* ]] && echo "${pid%/ns}"
  done
}
trap take_down EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# start NAME SIZE: a machine without a network card; its disk of that size.
start() {
  # shellcheck disable=SC2016
  {
    exec {life}>&-
    exec unshare -n -u -m -i --propagation private /bin/bash -ec '
      hostname "$1"
      mount -t tmpfs -o size=256m node-shm /dev/shm
      mount -t tmpfs -o "size=$2" node-disk "$3/local"
      mount --bind "$3/hosts" /etc/hosts
      ip link set lo up
      echo $$ >"$3/pids/.$1"
      mv "$3/pids/.$1" "$3/pids/$1"
      read -r <"$3/life"' node "$1" "$2" "$state"
  } </dev/null &
  local pid=$!
  until [[ -e $state/pids/$1 ]]; do
    kill -0 "$pid" 2>/dev/null || { echo "nodes.sh: $1 could not be made" >&2; exit 1; }
    sleep 0.02
  done
}

{
  echo "127.0.0.1 localhost"
  echo "10.77.0.254 store"
  for ((i = 1; i <= count; i++)); do echo "10.77.0.$i node$i"; done
} >"$state/hosts"
start store 1m
store=$(<"$state/pids/store")
on_store() { nsenter -t "$store" -n "$@"; }
on_store ip link add br0 type bridge
on_store ip addr add 10.77.0.254/24 dev br0
on_store ip link set br0 up
for ((i = 1; i <= count; i++)); do
  size=NODE_DISK_$i
  start "node$i" "${!size:-${NODE_DISK:-1g}}"
  node=$(<"$state/pids/node$i")
  on_store ip link add "port$i" type veth peer name eth0 netns "$node"
  on_store ip link set "port$i" master br0 up
  nsenter -t "$node" -n ip addr add "10.77.0.$i/24" dev eth0
  nsenter -t "$node" -n ip link set eth0 up
done

if (($# > 0)); then
  # In the background, so that a signal is answered at once.
  "$here/agent.sh" node1 "$(printf '%q ' "$@")" <&0 {life}>&- &
  wait $!
else
  echo ready
  cat >/dev/null {life}>&-
fi
