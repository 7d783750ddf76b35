#!/bin/sh
# setup.sh GROUP - installs what packages.debian lists for the group (base, check or extra), and for
# check gets CBMC 6. Called by ./k5; leaves .k5/setup.GROUP when the group is complete.
#
# Exit codes: 0 complete, 3 something is missing (it was listed, with the reason).
set -eu

group=$1
root=${K5_ROOT:?set by ./k5}
k5=$root/.k5
list=$root/packages.debian
mkdir -p "$k5"

say() {
    echo "k5: $*" >&2
}

# probe PROBE: true if it is on this machine (packages.debian explains the three forms).
probe() {
    case $1 in
    \<*) echo "#include $1" | c++ -x c++ -E - >/dev/null 2>&1 ;;
    specs:*) case $(arm-none-eabi-gcc -print-file-name="${1#specs:}" 2>/dev/null) in
        /*) true ;;
        *) false ;;
        esac ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

# Sets missing (package names) and prints each one with its reason.
find_missing() {
    missing=
    reasons=
    while read -r of package what why; do
        if [ "$of" = "$group" ] && ! probe "$what"; then
            missing="$missing $package"
            reasons="$reasons    $package ($what) $why
"
        fi
    done <"$list"
}

# True if it may be installed without another word: --yes, CI, no terminal, or the user says y.
agreed() {
    if [ -n "${K5_YES-}" ] || [ "${CI-}" = true ] || [ ! -t 0 ]; then
        return 0
    fi
    printf 'k5: install them now%s? [y/N] ' "${sudo:+ with sudo}" >&2
    read -r answer
    case $answer in y | Y | yes) return 0 ;; esac
    return 1
}

# Sets sudo to what makes a command run as root; false if there is no way to become root.
find_sudo() {
    sudo=
    [ "$(id -u)" = 0 ] && return 0
    sudo="sudo"
    command -v sudo >/dev/null 2>&1 || return 1
    [ -t 0 ] || sudo -n true 2>/dev/null
}

install_packages() { # the names, in $@
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    for try in 1 2; do
        # The first try is for lists that are fresh already; a list that is empty or old fails it.
        [ $try = 1 ] || $sudo apt-get -q update || return 1
        $sudo env DEBIAN_FRONTEND=noninteractive \
            apt-get -q -y --no-install-recommends install "$@" && return 0
    done
    return 1
}

setup_packages() {
    find_missing
    [ -n "$missing" ] || return 0
    say "missing on this machine:"
    printf '%s' "$reasons" >&2
    if ! command -v apt-get >/dev/null 2>&1; then
        say "no apt-get here: install these by the system's own means, then start again"
        exit 3
    fi
    if ! find_sudo; then
        say "not root, and no sudo without a password: as root, run"
        say "    apt-get install$missing"
        exit 3
    fi
    if ! agreed; then
        say "nothing was installed; later: ${sudo:+sudo }apt-get install$missing"
        exit 3
    fi
    say "installing (log in .k5/setup.$group.log)"
    # shellcheck disable=SC2086 # the names are words on purpose
    if ! install_packages $missing >"$k5/setup.$group.log" 2>&1; then
        tail -n 15 "$k5/setup.$group.log" >&2
        say "apt-get could not install them (see above, and .k5/setup.$group.log)"
        exit 3
    fi
    find_missing
    [ -z "$missing" ] || {
        say "installed, but still not found:$missing"
        exit 3
    }
}

# True if the program given is CBMC 6 or later.
cbmc_good() {
    version=$("$1" --version 2>/dev/null) || return 1
    [ "${version%%.*}" -ge 6 ] 2>/dev/null
}

# CBMC 6 comes from a newer release of the machine's own distribution, unpacked into .k5/cbmc with
# the libraries it was linked against and started through their dynamic loader: the system itself
# stays as it is. apt does the fetching, with the machine's mirror, proxy settings and keys.
#
#   .k5/cbmc/cbmc -> root/usr/lib*/ld-linux* --library-path root/usr/lib/TRIPLET root/usr/bin/cbmc
cbmc_fetch() {
    dir=$k5/cbmc
    . /etc/os-release
    case $ID in
    debian) suite=trixie components=main keyring=/usr/share/keyrings/debian-archive-keyring.gpg ;;
    ubuntu) suite=resolute components="main universe" \
        keyring=/usr/share/keyrings/ubuntu-archive-keyring.gpg ;;
    *) echo "no newer release is known for $ID" && return 1 ;;
    esac
    uri=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
        awk -v release="$VERSION_CODENAME" '$2 == release { print $1; exit }')
    [ -n "$uri" ] || { echo "apt has no archive of $VERSION_CODENAME configured" && return 1; }

    rm -rf "$dir"
    mkdir -p "$dir/apt/lists/partial" "$dir/apt/archives/partial" "$dir/root"
    echo "deb [signed-by=$keyring] $uri $suite $components" >"$dir/apt/sources.list"
    : >"$dir/apt/status"
    set -- -q -o "Dir::Etc::SourceList=$dir/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o "Dir::State::Lists=$dir/apt/lists" -o "Dir::State::status=$dir/apt/status" \
        -o "Dir::Cache=$dir/apt" -o Acquire::Languages=none -o "APT::Sandbox::User=$(id -un)"
    apt-get "$@" update || return 1
    (cd "$dir/apt" && apt-get "$@" download cbmc libc6 libstdc++6 libgcc-s1 minisat zlib1g) ||
        return 1
    for package in "$dir"/apt/*.deb; do
        dpkg-deb -x "$package" "$dir/root" || return 1
    done
    cbmc_launcher "$dir" || return 1
    find "$dir/root/usr/bin" -type f ! -name cbmc -exec rm {} +
    rm -rf "$dir/apt"
}

cbmc_launcher() { # DIR
    loader=$(cd "$1" && find root -name 'ld-linux*.so.*' | head -n 1)
    library=$(cd "$1" && find root/usr/lib -name libc.so.6 | head -n 1)
    [ -n "$loader" ] && [ -n "$library" ] || { echo "no loader in libc6" && return 1; }
    cat >"$1/cbmc" <<END
#!/bin/sh
# Starts CBMC with the libraries it was built for; the programs that it starts see nothing of them.
here=\$(dirname "\$0")
exec "\$here/$loader" \\
    --library-path "\$here/${library%/*}:\$here/root/usr/lib" \\
    "\$here/root/usr/bin/cbmc" "\$@"
END
    chmod +x "$1/cbmc"
    cbmc_good "$1/cbmc" || { echo "cbmc was unpacked but does not start" && return 1; }
}

# Without CBMC all but the proofs works, so this is a warning; `k5 prove` itself will refuse.
setup_cbmc() {
    if cbmc_good cbmc || cbmc_good "$k5/cbmc/cbmc"; then
        return 0
    fi
    say "getting CBMC 6 into .k5/cbmc, for the proofs (log in .k5/cbmc.log)"
    if ! cbmc_fetch >"$k5/cbmc.log" 2>&1; then
        tail -n 5 "$k5/cbmc.log" >&2
        say "no CBMC 6 to be had (see above): the proofs cannot run, all else can"
        rm -rf "$k5/cbmc"
        return 1
    fi
}

setup_packages
if [ "$group" = check ]; then
    setup_cbmc || exit 0 # no stamp: the next check, prove or doctor tries again
fi
cp "$list" "$k5/setup.$group"
