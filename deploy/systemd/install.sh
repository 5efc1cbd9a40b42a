#!/usr/bin/env bash
# Installs Edge without a package: from the unpacked tarball (sudo ./install.sh), or from a clone, which builds first
# (sudo deploy/systemd/install.sh). A second time upgrades; --remove takes everything away but /etc/edge and /var/lib/edge, --purge these too.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ "$(id -u)" -eq 0 ] || { echo "install.sh writes to /usr and /etc; run: sudo $0 $*" >&2; exit 1; }

running() { [ -d /run/systemd/system ]; }
remove() {
    local scripts=$here/debian
    sh "$scripts/prerm" remove
    rm -rf /usr/lib/edge /usr/share/edge /usr/share/doc/edge
    rm -f /usr/bin/edge /usr/lib/systemd/system/edge.service /usr/lib/udev/rules.d/60-edge.rules
    [ "$1" = keep ] || rm -f /etc/edge/edge.yaml /etc/edge/edge.yaml.new
    sh "$scripts/postrm" "$([ "$1" = keep ] && echo remove || echo purge)"
}

case ${1:-} in
    --remove) remove keep; echo "Edge is removed; /etc/edge and /var/lib/edge are kept."; exit 0 ;;
    --purge) remove nothing; echo "Edge is removed."; exit 0 ;;
    '') ;;
    *) echo "$1 is no option; use --remove, --purge, or none." >&2; exit 2 ;;
esac

if [ ! -d "$here/usr" ]; then
    case $(uname -m) in aarch64 | arm64) arch=arm64 ;; *) arch=amd64 ;; esac
    packages=$here/../../artifacts/packages
    # As the user who called sudo: what a build leaves behind is theirs.
    if command -v clang > /dev/null; then flavour=aot; else flavour=trimmed; fi
    ${SUDO_USER:+sudo -u "$SUDO_USER"} "$here/build.sh" --flavour "$flavour"
    suffix=$([ "$flavour" = aot ] || echo -trimmed)
    unpacked=$(mktemp -d)
    trap 'rm -rf "$unpacked"' EXIT
    tar -xzf "$(ls -t "$packages"/edge_*_"$arch$suffix".tar.gz | head -n 1)" -C "$unpacked"
    "$unpacked"/edge-*/install.sh
    exit
fi

if dpkg-query -W -f '${Status}' edge 2> /dev/null | grep -q 'ok installed'; then
    echo "Edge is installed as a package; upgrade it with: sudo apt install ./edge_*.deb, or remove that first." >&2
    exit 1
fi

before=$([ -x /usr/lib/edge/edge ] && echo upgrade || true)
cp -r --no-preserve=ownership "$here/usr/." /usr/
install -d /etc/edge
if [ ! -e /etc/edge/edge.yaml ]; then
    install -m 644 "$here/etc/edge/edge.yaml" /etc/edge/edge.yaml
elif ! cmp -s "$here/etc/edge/edge.yaml" /etc/edge/edge.yaml; then
    install -m 644 "$here/etc/edge/edge.yaml" /etc/edge/edge.yaml.new
    echo "Your /etc/edge/edge.yaml is kept; the new sample is /etc/edge/edge.yaml.new."
fi
sh "$here/debian/postinst" configure "$before"
if running; then echo "Edge is installed and runs; try: edge send \"turn on the kitchen light\""; else echo "Edge is installed; try: edge check"; fi
