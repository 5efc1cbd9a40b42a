#!/usr/bin/env bash
# Builds what a board installs: artifacts/packages/edge_VERSION_ARCH.deb and .tar.gz, the same bytes from the same commit.
#   deploy/systemd/build.sh [linux-arm64|linux-x64] [--flavour aot|trimmed]
# aot (usual): native code; needs clang, and for another kind of machine lld and its binutils. trimmed: one file with the .NET runtime,
# needs the .NET SDK only.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

rid='' flavour=aot
while [ $# -gt 0 ]; do
    case $1 in
        linux-arm64 | linux-x64) rid=$1 ;;
        --flavour) flavour=${2:-}; shift ;;
        *) echo "$1 is no target; use linux-arm64 or linux-x64, and --flavour aot or trimmed." >&2; exit 2 ;;
    esac
    shift
done
case $flavour in aot | trimmed) ;; *) echo "--flavour is \"$flavour\"; use aot or trimmed." >&2; exit 2 ;; esac
[ -n "$rid" ] || case $(uname -m) in aarch64 | arm64) rid=linux-arm64 ;; *) rid=linux-x64 ;; esac
case $rid in linux-arm64) arch=arm64 tools=aarch64-linux-gnu- ;; linux-x64) arch=amd64 tools=x86_64-linux-gnu- ;; esac

# The budget of issue 6, in bytes. The trimmed file carries the whole runtime and has a budget of its own.
binary_max=20000000 package_max=75000000
[ "$flavour" = aot ] || binary_max=60000000

wants() { command -v "$1" > /dev/null || { echo "$1 is missing; $2" >&2; exit 1; }; }
wants dotnet "install the .NET SDK of global.json."
wants dpkg-deb "apt-get install dpkg."
if [ "$flavour" = aot ]; then
    wants clang "apt-get install clang lld, or use --flavour trimmed."
    case $(uname -m)-$rid in
        x86_64-linux-arm64) wants ld.lld "apt-get install lld."; wants aarch64-linux-gnu-objcopy "apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross." ;;
        aarch64-linux-x64) echo "Native code for x64 is built on x64; use --flavour trimmed here." >&2; exit 2 ;;
    esac
fi

version=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' Directory.Build.props)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || stat -c %Y Directory.Build.props)}
export SOURCE_DATE_EPOCH DOTNET_NOLOGO=true DOTNET_CLI_TELEMETRY_OPTOUT=true LC_ALL=C TZ=UTC
umask 022

work=artifacts/packages/$rid-$flavour
out=artifacts/packages
rm -rf "$work"
mkdir -p "$work/publish"

echo "== publish $rid, $flavour"
options=(-c Release -r "$rid" --self-contained "-p:RestoreLockedMode=true" "-p:DebugType=none" -o "$work/publish")
if [ "$flavour" = aot ]; then
    options+=(-p:PublishAot=true)
else
    options+=(-p:PublishTrimmed=true -p:PublishSingleFile=true -p:PublishReadyToRun=true)
fi

# An up-to-date object would not be compiled, and a warning that nobody sees would not count.
rm -rf "artifacts/obj/Edge.Runtime/release_$rid"
dotnet publish Edge.Runtime "${options[@]}" "-flp:logfile=$work/publish.log;verbosity=normal"

# Edge.Runtime.csproj lets IL2091 pass for one place only.
known='System\.Device\.Gpio\.UnmanagedArray`1\.ReadToManagedArray()'
if grep -E 'IL[0-9]{4}:' "$work/publish.log" | grep -vE "IL2091: $known" | grep .; then
    echo "The publish has warnings that are not known; see above." >&2
    exit 1
fi

echo "== assemble"
tree=$work/tree
install -d "$tree"/usr/{bin,lib/edge,lib/systemd/system,lib/udev/rules.d,share/edge/models,share/doc/edge/examples} "$tree/etc/edge"
install -m 755 "$work/publish/edge" "$tree/usr/lib/edge/edge"
install -m 644 "$work/publish/libonnxruntime.so" "$tree/usr/lib/edge/"
ln -s ../lib/edge/edge "$tree/usr/bin/edge"
# Edge looks for models/ beside its binary.
ln -s ../../share/edge/models "$tree/usr/lib/edge/models"
cp -r --no-preserve=mode,ownership models/edge-38m models/README.md "$tree/usr/share/edge/models/"
install -m 644 deploy/systemd/edge.service "$tree/usr/lib/systemd/system/"
install -m 644 deploy/systemd/60-edge.rules "$tree/usr/lib/udev/rules.d/"
# The trimmed file compiles at run time.
[ "$flavour" = aot ] || sed -i '/^MemoryDenyWriteExecute=/d' "$tree/usr/lib/systemd/system/edge.service"
# Nothing may move before the owner has said what hangs on which line.
sed 's/^  driver: auto .*/  driver: simulated     # until the lines below are yours; then auto/' edge.yaml > "$tree/etc/edge/edge.yaml"
grep -q '^  driver: simulated' "$tree/etc/edge/edge.yaml"
chmod 644 "$tree/etc/edge/edge.yaml"
doc=$tree/usr/share/doc/edge
install -m 644 LICENSE NOTICE README.md "$doc/"
install -m 644 edge.yaml deploy/systemd/dropins/*.conf "$doc/examples/"
deploy/systemd/sbom.sh "$rid" "$flavour" "$version" "$doc"
{
    printf 'Edge %s\nCopyright the Edge founders\nLicence: Apache-2.0, the full text is in LICENSE beside this file.\n\n' "$version"
    printf 'Parts by others: see THIRD-PARTY-NOTICES.txt and sbom.spdx.json. Sources of the model: see NOTICE.\n'
} > "$doc/copyright"
printf 'edge (%s) stable; urgency=medium\n\n  * See the repository.\n\n -- The Edge founders <edge@localhost>  %s\n' \
    "$version" "$(date -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n > "$doc/changelog.Debian.gz"

# Modes and times must not come from this machine's umask or clock.
find "$tree" -type d -exec chmod 755 {} +
find "$tree" -print0 | xargs -0 touch -h -d "@$SOURCE_DATE_EPOCH"

echo "== package"
name=edge_${version}_$arch
[ "$flavour" = aot ] || name=$name-trimmed
deb=$work/deb
cp -a "$tree" "$deb"
install -d "$deb/DEBIAN"
install -m 755 deploy/systemd/debian/{postinst,prerm,postrm} "$deb/DEBIAN/"
echo /etc/edge/edge.yaml > "$deb/DEBIAN/conffiles"
sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$(du -sk --apparent-size "$tree" | cut -f1)/" \
    deploy/systemd/debian/control > "$deb/DEBIAN/control"
(cd "$deb" && find usr -type f -print0 | sort -z | xargs -0 md5sum) > "$deb/DEBIAN/md5sums"
find "$deb" -print0 | xargs -0 touch -h -d "@$SOURCE_DATE_EPOCH"
# One thread: how xz cuts its blocks must not depend on the number of cores.
dpkg-deb --root-owner-group --threads-max=1 -Zxz -z6 --build "$deb" "$out/$name.deb" > /dev/null

# The tarball: the same tree, and what puts it in place.
bundle=$work/edge-$version-$arch
mv "$tree" "$bundle"
install -m 755 deploy/systemd/install.sh "$bundle/install.sh"
install -d "$bundle/debian"
install -m 755 deploy/systemd/debian/{postinst,prerm,postrm} "$bundle/debian/"
find "$bundle" -print0 | xargs -0 touch -h -d "@$SOURCE_DATE_EPOCH"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=gnu -C "$work" -c "edge-$version-$arch" |
    gzip -9n > "$out/$name.tar.gz"

fits() {
    local size
    size=$(stat -c %s "$1")
    printf '%-48s %6.1f MB of %.0f\n' "$1" "$(awk "BEGIN{print $size/1e6}")" "$(awk "BEGIN{print $2/1e6}")"
    [ "$size" -le "$2" ] || { echo "$1 is too big." >&2; exit 1; }
}
echo "== sizes"
fits "$bundle/usr/lib/edge/edge" "$binary_max"
fits "$out/$name.deb" "$package_max"
fits "$out/$name.tar.gz" "$package_max"
(cd "$out" && sha256sum "$name.deb" "$name.tar.gz")
