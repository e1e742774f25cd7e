#!/usr/bin/env bash
# Shows azcp at work on this machine: installs what is missing, builds, starts a local blob service
# (Azurite), uploads a real tree, mounts it, reads, writes, prefetches, unmounts, prints a table.
#
#   ./quickstart.sh            everything, then clean up
#   ./quickstart.sh --keep     leave the service and the mount running and say how to end them
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
keep=0
case "${1:-}" in
  "") ;;
  --keep) keep=1 ;;
  -h | --help)
    sed -n '2,6s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  *)
    echo "quickstart.sh: unknown option $1 (--keep and --help are known)" >&2
    exit 2
    ;;
esac

# shellcheck source=scripts/install-tools.sh
source "$root/scripts/install-tools.sh"
install_tools
install_azurite

work=$(mktemp -d "${TMPDIR:-/tmp}/azcp-quickstart.XXXXXX")
export AZCP_RUNTIME_DIR=$work/run
archives=${XDG_CACHE_HOME:-${HOME:-}/.cache}
export XDG_CACHE_HOME=$work/xdg
mkdir -m 700 "$AZCP_RUNTIME_DIR" "$XDG_CACHE_HOME"
mnt=$work/mnt
job=$work/job
azcp=$root/bin/azcp
azurite_pid=
finished=0
steps=()

clean_up() {
  local code=$?
  set +e
  if [[ $keep == 1 && $finished == 1 ]]; then
    return
  fi
  for place in "$job/data" "$mnt"; do
    if mountpoint -q "$place" 2>/dev/null; then
      "$azcp" umount --no-wait "$place" >/dev/null 2>&1 || umount -l "$place" 2>/dev/null
    fi
  done
  if [[ -n $azurite_pid ]]; then
    kill "$azurite_pid" 2>/dev/null
    wait "$azurite_pid" 2>/dev/null
  fi
  if [[ $finished != 1 ]]; then
    echo "quickstart.sh: stopped during: ${current:-start}" >&2
    [[ -s $work/log ]] && tail -n 20 "$work/log" >&2
  fi
  rm -rf "$work"
  exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

begin() {
  current=$1
  started=$(date +%s.%N)
  printf '\n== %s\n' "$1"
}

# done_with FIGURE: closes the step and keeps its line for the table.
done_with() {
  local seconds
  seconds=$(python3 -c "print(f'{$(date +%s.%N) - $started:.1f}')")
  steps+=("$current|$seconds|$1")
  echo "   $1"
}

last_line() {
  tail -n 1 "$1" | sed 's/^ *//'
}

fail() {
  echo "quickstart.sh: $current: $1" >&2
  exit 1
}

begin "Build azcp"
# -Dquick leaves out the static checks; ./test.sh runs them.
(cd "$root" && mvn -B -ntp -q -Dstyle.color=never -Dquick -DskipTests -pl cli -am package)
# The class-data archive stays when this ends: the program is used afterwards too.
XDG_CACHE_HOME=$archives "$azcp" --make-archive || true
mkdir "$XDG_CACHE_HOME/azcp" && ln -s "$archives/azcp/cds" "$XDG_CACHE_HOME/azcp/cds"
done_with "$("$azcp" --version | head -n 1)"

begin "Start a local blob service"
account=quickstart
key=$(head -c 64 /dev/urandom | base64 -w 0)
port=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
endpoint=http://127.0.0.1:$port/$account
AZURITE_ACCOUNTS=$account:$key "$azurite_bin" --silent --disableTelemetry --skipApiVersionCheck \
  --blobHost 127.0.0.1 --blobPort "$port" --location "$work/azurite" >"$work/log" 2>&1 &
azurite_pid=$!
for _ in $(seq 100); do
  if curl -s -o "$work/probe" "http://127.0.0.1:$port/" 2>/dev/null; then break; fi
  kill -0 "$azurite_pid" 2>/dev/null || fail "Azurite did not start"
  sleep 0.1
done
mkdir -p "$job/aux_data/configs" "$job/aux_data/storage_account" "$mnt" "$work/native"
cat >"$job/aux_data/storage_account/demo.yaml" <<YAML
account_name: $account
account_key: $key
sas_token: null
container_name: demo
endpoint: $endpoint
YAML
chmod 600 "$job/aux_data/storage_account/demo.yaml"
cat >"$work/mount.yaml" <<YAML
- {local: maven, remote: maven, cache: $work/cache/maven, storage_account: demo}
- {local: models, remote: models, cache: $work/cache/models, storage_account: demo}
- {local: work, remote: work, cache: $work/cache/work, storage_account: demo}
YAML
cat >"$job/aux_data/configs/azfuse.yaml" <<YAML
- cache: $work/cache/data
  local: data
  remote: azfuse_data
  storage_account: demo
YAML
export AZFUSE_STORAGE_ACCOUNT_CONFIG_FOLDER=$job/aux_data/storage_account
export AZURE_STORAGE_ACCOUNT=$account AZURE_STORAGE_KEY=$key
"$azcp" config check --config "$work/mount.yaml"
"$azcp" mk "$endpoint/demo"
done_with "Azurite on 127.0.0.1:$port"

begin "Upload a real tree"
tree=${QUICKSTART_TREE:-$HOME/.m2/repository}
"$azcp" copy -r --no-progress "$tree" "$endpoint/demo/maven" | tee "$work/upload"
done_with "$(find "$tree" -type f | wc -l) files, $(grep -o '[0-9.]* [A-Za-z]* in .*' "$work/upload" | head -n 1)"

begin "Mount it"
"$azcp" mount "$mnt" --config "$work/mount.yaml"
done_with "$(find "$mnt/maven" -type f | wc -l) files seen through the mount"

begin "Read every file through the cold mount"
sums() { (cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum); }
sums "$tree" >"$work/source.sums"
sums "$mnt/maven" >"$work/mount.sums"
cmp "$work/source.sums" "$work/mount.sums" || fail "the mount shows other bytes than the source"
done_with "$(wc -l <"$work/mount.sums") SHA-256 sums equal"

begin "Read a 1 GiB file cold, then again"
head -c 1073741824 /dev/urandom >"$work/native/big.bin"
"$azcp" copy --no-progress "$work/native/big.bin" "$endpoint/demo/models/big.bin"
cold=$(python3 - "$mnt/models/big.bin" "$work/native/big.bin" <<'PY'
import hashlib
import sys
import time


def digest(path):
    h = hashlib.sha256()
    with open(path, "rb", buffering=0) as f:
        while block := f.read(1 << 20):
            h.update(block)
    return h.digest()


start = time.perf_counter()
cold = digest(sys.argv[1])
seconds = time.perf_counter() - start
if cold != digest(sys.argv[2]):
    sys.exit("the cold read gave other bytes")
print(f"{1073.741824 / seconds:.0f}")
PY
) || fail "the cold read failed"
read -r warm native ratio < <(python3 "$root/scripts/quickstart/speed.py" read "$mnt/models/big.bin" "$work/native/big.bin" 5)
done_with "cold $cold MB/s, again $warm MB/s, native $native MB/s: $ratio of native"
python3 -c "import sys; sys.exit($ratio < 0.8)" || fail "the second read is below 0.8 of native"

begin "Write a 1 GiB checkpoint: write, fsync, rename"
read -r ours native ratio < <(python3 "$root/scripts/quickstart/speed.py" save "$mnt/models" "$work/native" 1024 \
  "$azcp" flush "$mnt/models")
done_with "$ours MB/s, native $native MB/s: $ratio of native"
python3 -c "import sys; sys.exit($ratio < 0.8)" || fail "the checkpoint is below 0.8 of native"

begin "Find it with another client"
"$azcp" flush "$mnt/models"
sas=$(python3 "$root/scripts/quickstart/sas.py" "$account" "$key")
want=$(sha256sum <"$mnt/models/checkpoint.pt")
got=$(curl -sf "$endpoint/demo/models/checkpoint.pt?$sas" | sha256sum)
[[ $want == "$got" ]] || fail "curl got other bytes"
done_with "curl downloads the same bytes"

begin "Build offline with the mount as Maven repository"
mkdir "$work/project"
(cd "$root" && tar -c --exclude=target --exclude=.git --exclude=.tools .) | tar -x -C "$work/project"
(cd "$work/project" && mvn -o -B -q -Dstyle.color=never -Dquick -DskipTests -Dmaven.repo.local="$mnt/maven" -pl base,config package)
[[ -f $work/project/config/target/classes/io/azcp/config/Mapping.class ]] || fail "nothing was built"
done_with "modules base and config built"

begin "Run an unchanged script that opens data/..."
printf 'to be or not to be\n' >"$work/abc.txt"
"$azcp" copy --no-progress "$work/abc.txt" "$endpoint/demo/azfuse_data/abc.txt"
cp "$root/scripts/quickstart/train.py" "$job/"
(cd "$job" && "$azcp" mount)
answer=$(cd "$job" && python3 train.py)
[[ $answer == "6 words" ]] || fail "the script answered: $answer"
(cd "$job" && "$azcp" umount data)
[[ $(curl -sf "$endpoint/demo/azfuse_data/result.txt?$sas") == "6 words" ]] || fail "its result is not in the container"
done_with "$answer, result.txt in the container"

begin "Clone a git repository on the mount and commit"
git clone -q "file://$root" "$mnt/work/clone" 2>"$work/log" || { cat "$work/log" >&2; fail "git clone failed"; }
(
  cd "$mnt/work/clone"
  echo "written on the mount" >NOTE
  git add NOTE
  git -c user.name=quickstart -c user.email=quickstart@localhost commit -qm "Add a note"
  git fsck --no-progress 2>"$work/log"
  git status --porcelain >"$work/status"
)
[[ ! -s $work/status ]] || fail "git status is not clean"
done_with "$(git -C "$mnt/work/clone" log --oneline | wc -l) commits, fsck clean"

begin "Prepare a directory"
mkdir -p "$work/tree/images"
for i in $(seq 200); do head -c 20000 /dev/urandom >"$work/tree/images/$i.jpg"; done
"$azcp" copy -r --no-progress "$work/tree/images" "$endpoint/demo/models/images" >"$work/log"
"$azcp" refresh "$mnt/models"
"$azcp" prepare "$mnt/models/images" | tee "$work/first"
"$azcp" prepare "$mnt/models/images" | tee "$work/second"
done_with "$(last_line "$work/first"); again: $(last_line "$work/second")"

begin "Status"
"$azcp" status "$mnt"
done_with "shown above"

if [[ $keep == 1 ]]; then
  finished=1
  cat <<TEXT

Left running: the mount $mnt and Azurite (process $azurite_pid). In a shell:
  export AZCP_RUNTIME_DIR=$AZCP_RUNTIME_DIR AZFUSE_STORAGE_ACCOUNT_CONFIG_FOLDER=$AZFUSE_STORAGE_ACCOUNT_CONFIG_FOLDER
  ls $mnt
To end them:
  $azcp umount $mnt && kill $azurite_pid && rm -rf $work
TEXT
else
  begin "Unmount"
  "$azcp" umount "$mnt"
  mountpoint -q "$mnt" && fail "still mounted"
  done_with "uploads finished, nothing mounted"
  finished=1
fi

printf '\n%-52s %8s  %s\n' step seconds result
for line in "${steps[@]}"; do
  IFS='|' read -r name seconds figure <<<"$line"
  printf '%-52s %8s  %s\n' "$name" "$seconds" "$figure"
done
