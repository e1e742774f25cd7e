#!/usr/bin/env bash
# Measures azcp against a local stand-in of the blob service, and curl in turn with it; prints a
# table and writes it to tests/target/bench.md. Takes about ten minutes and 12 GiB of memory.
#
#   ./bench.sh [--mount|--cluster] [--rows ID[,ID...]] [--times N] [--quick] [--report FILE] [--list]
#
# With --mount it measures reading and writing through a mount instead; some rows need root and
# a C compiler (cc). With --cluster it measures the broadcasts of `azcp cluster` between nodes on
# this machine, beside a program in C (root, Open MPI with its compiler).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/install-tools.sh
source "$root/scripts/install-tools.sh"
install_tools

cd "$root"
build=(-B -ntp -q -Dquick -DskipTests -pl tests -am package)
mvn -o "${build[@]}" >/dev/null 2>&1 || mvn "${build[@]}"
java=$(jdks | head -n 1)
main=io.azcp.bench.Bench
if [[ ${1:-} == --mount ]]; then
  main=io.azcp.bench.mount.MountBench
  shift
elif [[ ${1:-} == --cluster ]]; then
  main=io.azcp.bench.cluster.ClusterBench
  shift
fi
exec "${java#* }/bin/java" -Xmx512m -XX:+UseSerialGC "-Dazcp.root=$root" \
  -cp "tests/target/test-classes:cli/target/dist/lib/*" "$main" "$@"
