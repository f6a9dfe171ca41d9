#!/bin/sh
# Packs programs that are built into an archive with a container image:
# packaging/image-archive.sh VERSION ARCH FOLDER-OF-PROGRAMS DIST
# The bytes depend on what goes in and on SOURCE_DATE_EPOCH, else the commit's time, alone.
set -eu
version=$1 arch=$2
sh "$(dirname "$0")/version.sh" "$version"
sh "$(dirname "$0")/arch.sh" "$arch" "$3" otelcol-mina mina
mkdir -p "$4"
programs=$(cd "$3" && pwd) dist=$(cd "$4" && pwd)
cd "$(dirname "$0")/.."
SOURCE_DATE_EPOCH=$(sh packaging/epoch.sh)
command -v buildah >/dev/null || {
  echo "make image-archive needs buildah: sudo apt-get install buildah" >&2
  exit 1
}
stage=$(mktemp -d)
# Storage of its own: nothing is left behind, and it needs no file system but this.
buildah="buildah --root $stage/storage --runroot $stage/run --storage-driver vfs"
trap 'rm -rf "$stage"' EXIT

sh packaging/rootfs.sh "$stage/build/rootfs" "$programs"
$buildah bud --quiet --isolation chroot --format oci --platform "linux/$arch" --timestamp "$SOURCE_DATE_EPOCH" \
  --build-context build="$stage/build" --build-arg VERSION="$version" --build-arg REVISION="$(git rev-parse HEAD 2>/dev/null || true)" \
  --iidfile "$stage/id" . 2>"$stage/log" >&2 || { cat "$stage/log" >&2; exit 1; }
$buildah push --quiet --compression-format gzip --compression-level 9 "$(cat "$stage/id")" "oci:$stage/layout:otelcol-mina:$version"
tar --create --sort=name --owner=0 --group=0 --numeric-owner --mode=go=rX,u+rw --mtime="@$SOURCE_DATE_EPOCH" \
  --file "$dist/otelcol-mina_${version}_linux_$arch.oci.tar" --directory "$stage/layout" .
