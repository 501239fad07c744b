#!/bin/sh
# SPDX-License-Identifier: MIT
# A Debian root of its own: of another architecture, or as fresh as a new
# machine. Whatever is mounted for it is mounted in a private namespace that
# ends with the command, together with every process that it left.
#
#   ci/root.sh make ROOT ARCHITECTURE [PACKAGE...]
#       unless it is there already, with these packages
#   ci/root.sh with ROOT [PATH...] -- COMMAND...
#       runs a command of the host while ROOT has /proc, /dev, names and these
#       paths of the host; "chroot ROOT ..." is such a command
set -eu

suite=$(. /etc/os-release && echo "$VERSION_CODENAME")

# The archive from which the machine itself is.
archive() {
    apt-get indextargets 'Created-By: Packages' 'Origin: Debian' \
        'Component: main' --format '$(REPO_URI) $(RELEASE)' |
        sed -n "s/ $suite\$//p" | head -1
}

make() { # make ROOT ARCHITECTURE [PACKAGE...]
    root=$1
    architecture=$2
    shift 2
    packages="packages: $*"
    [ "$packages" != "$(cat "$root/.made" 2>/dev/null)" ] || return 0
    echo "root.sh: making $root" >&2
    from=$(archive)
    [ -n "$from" ] || {
        echo "root.sh: no Debian archive known; run apt-get update" >&2
        exit 1
    }
    rm -rf --one-file-system "$root"
    mkdir -p "$root"
    # debootstrap mounts what it needs, hence the namespace for it as well.
    unshare --mount --propagation private debootstrap --variant=minbase \
        --arch="$architecture" "$suite" "$root" "$from" >&2
    [ $# = 0 ] || "$0" with "$root" -- chroot "$root" \
        env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "$@" >&2
    rm -rf "$root"/var/cache/apt/archives/*.deb
    echo "$packages" >"$root/.made"
}

# The first process of the namespace: mounts, then runs.
inside() { # inside ROOT [PATH...] -- COMMAND...
    root=$1
    shift
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    cp /etc/resolv.conf /etc/hosts "$root/etc"
    while [ "$1" != -- ]; do
        mkdir -p "$root$1"
        mount --rbind "$1" "$root$1"
        shift
    done
    shift
    "$@"
}

what=$1
shift
case $what in
make) make "$@" ;;
inside) inside "$@" ;;
with)
    # unshare itself waits for its child whatever signal comes.
    unshare --mount --pid --fork --kill-child --mount-proc \
        --propagation private "$0" inside "$@" <&0 &
    trap 'kill -KILL $!; exit 130' INT TERM HUP
    wait $!
    ;;
*) exit 2 ;;
esac
