# shellcheck shell=bash
# Sourced by quickstart.sh and test.sh: installs what the build and the tests need and is missing.
# On Debian and Ubuntu with apt-get, as root or through sudo without a password; elsewhere, or where
# that is refused, it names the packages and ends with exit code 1.

tools_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly tools_root
readonly oldest_jdk=17
readonly oldest_node=18

# jdks: one line "MAJOR PATH" for each JDK with a compiler, oldest first.
jdks() {
  local home version major seen=" "
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* "$(jdk_on_path)"; do
    [[ -n $home && -x $home/bin/javac && -r $home/release ]] || continue
    home=$(cd -P "$home" && pwd)
    [[ $seen == *" $home "* ]] && continue
    seen+="$home "
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
    major=${version:-0}
    if ((major >= oldest_jdk)); then echo "$major $home"; fi
  done | sort -n -u
}

jdk_on_path() {
  local compiler
  if compiler=$(command -v javac); then
    compiler=$(readlink -f "$compiler")
    echo "${compiler%/bin/javac}"
  fi
}

missing_packages() {
  local node
  [[ -n $(jdks) ]] || echo jdk
  command -v mvn >/dev/null || echo maven
  node=$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p')
  ((${node:-0} >= oldest_node)) || echo nodejs
  command -v npm >/dev/null || echo npm
  command -v fusermount3 >/dev/null || echo fuse3
  has_library libfuse.so.2 || echo libfuse2
  command -v getfattr >/dev/null || echo attr
  command -v python3 >/dev/null || echo python3
  command -v curl >/dev/null || echo curl
  command -v git >/dev/null || echo git
  command -v rsync >/dev/null || echo rsync
  command -v unzip >/dev/null || echo unzip
  [[ -s /etc/ssl/certs/ca-certificates.crt ]] || echo ca-certificates
}

# What some tests need and others do not: they say what is missing, and are skipped.
missing_extras() {
  [[ $(id -u) == 0 ]] || return 0
  command -v mpirun.openmpi >/dev/null || echo openmpi-bin
  command -v mpicc.openmpi >/dev/null || echo libopenmpi-dev
  command -v mpirun.mpich >/dev/null || echo mpich
  command -v ip >/dev/null || echo iproute2
}

has_library() {
  compgen -G "/lib/*-linux-gnu/$1*" >/dev/null || compgen -G "/usr/lib/*-linux-gnu/$1*" >/dev/null ||
    [[ -e /usr/lib64/$1 || -e /usr/lib/$1 ]]
}

# The names of this distribution: not every release has each version.
package_name() {
  case $1 in
    jdk) first_available openjdk-17-jdk-headless default-jdk-headless ;;
    libfuse2) first_available libfuse2 libfuse2t64 ;;
    *) echo "$1" ;;
  esac
}

first_available() {
  local name
  for name in "$@"; do
    if apt-cache policy "$name" 2>/dev/null | grep -q 'Candidate: [^(]'; then
      echo "$name"
      return
    fi
  done
  echo "$1"
}

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq "$@"
}

# install_tools: everything but Azurite.
install_tools() {
  local missing names=() one
  missing=$(missing_packages)
  if [[ -z $missing ]]; then
    return
  fi
  if ! command -v apt-get >/dev/null || ! as_root true 2>/dev/null; then
    echo "Missing: $(paste -sd ' ' <<<"$missing"). Install them and start again" \
      "(Debian and Ubuntu: as root, apt-get install)." >&2
    exit 1
  fi
  echo "Installing $(paste -sd ' ' <<<"$missing")"
  apt update
  for one in $missing; do
    names+=("$(package_name "$one")")
  done
  if ! apt install -y --no-install-recommends "${names[@]}" >/dev/null; then
    echo "apt-get could not install ${names[*]}; install them and start again." >&2
    exit 1
  fi
  missing=$(missing_packages)
  if [[ -n $missing ]]; then
    echo "Still missing after apt-get: $(paste -sd ' ' <<<"$missing")" \
      "(needed: JDK $oldest_jdk or newer, Node $oldest_node or newer)." >&2
    exit 1
  fi
}

# install_extras: tools of single tests, where that is possible; nothing fails without.
install_extras() {
  local missing
  missing=$(missing_extras)
  if [[ -z $missing ]] || ! command -v apt-get >/dev/null; then
    return
  fi
  echo "Installing $(paste -sd ' ' <<<"$missing")"
  # shellcheck disable=SC2086
  { apt update && apt install -y --no-install-recommends $missing; } >/dev/null ||
    echo "Without $(paste -sd ' ' <<<"$missing"): the tests that need them are skipped." >&2
}

# install_azurite: the pinned version into .tools/azurite of the checkout; sets azurite_bin, which
# AZCP_AZURITE may name beforehand.
install_azurite() {
  local here=$tools_root/.tools/azurite lock=$tools_root/scripts/azurite/package-lock.json fresh
  azurite_bin=${AZCP_AZURITE:-$here/node_modules/.bin/azurite-blob}
  if [[ -n ${AZCP_AZURITE:-} ]]; then
    return
  fi
  mkdir -p "$tools_root/.tools"
  exec {azurite_lock}>"$tools_root/.tools/azurite.lock"
  flock "$azurite_lock"
  if ! cmp -s "$lock" "$here/package-lock.json"; then
    echo "Installing Azurite from scripts/azurite"
    fresh=$(mktemp -d "$tools_root/.tools/azurite.XXXXXX")
    cp "$tools_root/scripts/azurite/package.json" "$lock" "$fresh/"
    if ! npm ci --prefix "$fresh" --no-audit --no-fund --loglevel=error >/dev/null; then
      rm -rf "$fresh"
      echo "npm could not install Azurite; is its registry reachable?" >&2
      exit 1
    fi
    rm -rf "$here"
    mv "$fresh" "$here"
  fi
  exec {azurite_lock}>&-
}
