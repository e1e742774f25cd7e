#!/usr/bin/env bash
# Installs what is missing, builds with every check, and runs all tests: on the oldest suitable JDK
# here (17 or newer), then again on the newest.
#
#   ./test.sh [MAVEN ARGUMENTS]      e.g. ./test.sh -Dmaven.repo.local=DIR, or MAVEN_ARGS in the
#                                    environment
# Any number of runs, and quickstart.sh, may be under way at once: each has its own folders.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [[ ${1:-} == -h || ${1:-} == --help ]]; then
  sed -n '2,8s/^# \{0,1\}//p' "$0"
  exit 0
fi

# shellcheck source=scripts/install-tools.sh
source "$root/scripts/install-tools.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/azcp-test.XXXXXX")
maven_pid=
summary=()

clean_up() {
  local code=$?
  set +e
  trap - EXIT INT TERM
  if [[ -n $maven_pid ]] && kill -0 "$maven_pid" 2>/dev/null; then
    kill "$maven_pid"
    wait "$maven_pid"
  fi
  local place pid
  # Only below our own folder: mounts that a failed test left, deepest first, then what serves them.
  while read -r place; do
    echo "test.sh: unmounting what was left at $place" >&2
    umount -l "$place" 2>/dev/null || fusermount3 -uz "$place" 2>/dev/null
  done < <(awk -v below="$work/" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo | sort -r)
  for pid in $(left_running); do
    echo "test.sh: ending process $pid that was left" >&2
    kill "$pid" 2>/dev/null
  done
  for _ in $(seq 50); do
    [[ -n $(left_running) ]] || break
    sleep 0.1
  done
  for pid in $(left_running); do kill -9 "$pid" 2>/dev/null; done
  rm -rf --one-file-system "$work"
  exit "$code"
}

# Processes of this run: all inherit the name of its folder.
left_running() {
  local entry pid
  for entry in /proc/[0-9]*/environ; do
    pid=${entry#/proc/}
    pid=${pid%/environ}
    if [[ $pid != "$$" && $pid != "$BASHPID" ]] &&
      grep -qzxF "AZCP_TEST_RUN=$work" "$entry" 2>/dev/null; then
      echo "$pid"
    fi
  done
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

install_tools
install_extras
install_azurite

# A build folder of our own, kept for the next run: the first that no other run holds.
mkdir -p "$root/.tools"
number=1
while exec {build_lock}>"$root/.tools/test-$number.lock" && ! flock -n "$build_lock"; do
  exec {build_lock}>&-
  number=$((number + 1))
done
target=target/test-$number

oldest=$(jdks | head -n 1)
newest=$(jdks | tail -n 1)

export AZCP_AZURITE=$azurite_bin
export TMPDIR=$work/tmp XDG_CACHE_HOME=$work/cache AZCP_RUNTIME_DIR=$work/run
mkdir -m 700 "$XDG_CACHE_HOME" "$AZCP_RUNTIME_DIR"
# Tests of what other users may do reach their own folders through these.
mkdir "$TMPDIR"
chmod 711 "$work" "$TMPDIR"

# flags MAJOR: what the JVM of the tests gets; the same as bin/azcp gives.
flags() {
  local all="-Xmx512m -XX:+UseSerialGC -XX:-UsePerfData -Djava.io.tmpdir=$TMPDIR"
  if (($1 >= 24)); then
    all+=" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
  fi
  echo "$all"
}

# run_tests "MAJOR HOME" MAVEN_ARGUMENTS...: builds with the oldest JDK, tests on the given one.
run_tests() {
  local major=${1%% *} home=${1#* } log=$work/log-${1%% *} code=0 tee_pid
  shift
  echo "== Tests on JDK $major ($home)"
  mkfifo "$work/output"
  tee "$log" <"$work/output" &
  tee_pid=$!
  (
    export JAVA_HOME=${oldest#* } AZCP_TEST_RUN=$work
    cd "$root"
    # Maven before 3.9 does not read MAVEN_ARGS itself.
    # shellcheck disable=SC2086
    exec mvn -B -ntp "-Dazcp.target=$target" "-Dtest.jvm=$home/bin/java" \
      "-Dazcp.test.flags=$(flags "$major")" ${MAVEN_ARGS:-} "$@" verify
  ) >"$work/output" 2>&1 {build_lock}>&- &
  maven_pid=$!
  wait "$maven_pid" || code=$?
  maven_pid=
  wait "$tee_pid"
  rm "$work/output"
  summary+=("JDK $major: $(counts "$log"), $([[ $code == 0 ]] && echo passed || echo FAILED)")
  return "$code"
}

# counts LOG: the sum of the modules' totals.
counts() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" |
    awk '/Tests run:/ && !/Time elapsed/ {
           gsub(/[^0-9,]/, ""); split($0, n, ",");
           tests += n[1]; failures += n[2]; errors += n[3]; skipped += n[4] }
         END { printf "%d tests, %d failures, %d errors, %d skipped",
                 tests, failures, errors, skipped }'
}

code=0
run_tests "$oldest" "$@" || code=$?
if [[ $code == 0 && $newest != "$oldest" ]]; then
  # The classes are those of the first run; its checks need not run again.
  run_tests "$newest" -Dspotless.check.skip -Denforcer.skip "$@" || code=$?
fi

echo
printf '== %s\n' "${summary[@]}"
exit "$code"
