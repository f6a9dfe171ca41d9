#!/bin/sh
# Builds what a release consists of, from the commit that is checked out:
# packaging/release.sh VERSION DIST
# It is built in a copy of the commit's files, so that neither the checkout's folder nor what
# lies about in it is in the bytes.
set -eu
fail() {
  echo "make release: $*" >&2
  exit 1
}
version=$1 dist=$2
cd "$(dirname "$0")/.."
sh packaging/version.sh "$version"
changed=$(git status --porcelain)
[ -z "$changed" ] || fail "a release is built from a commit, and these are in none:
$changed"
mkdir -p "$dist"
[ -z "$(ls -A "$dist")" ] || fail "$dist is not empty: remove what is in it, or name another DIST"
dist=$(cd "$dist" && pwd)

stamp=$version+$(git rev-parse HEAD | cut -c1-7)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
# The image says of which commit it is.
GIT_DIR=$(git rev-parse --absolute-git-dir)
export SOURCE_DATE_EPOCH GIT_DIR CGO_ENABLED=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
mkdir "$work/source"
git archive HEAD | tar -x -C "$work/source"
cd "$work/source"
# ocb takes what its manifest has from the environment too.
env "dist.version=$stamp" go tool -modfile=internal/tools/go.mod builder --config builder-config.yaml --skip-compilation

engine=internal/tools/victorialogs
engine_version=$(go -C $engine list -m -f '{{.Version}}' github.com/VictoriaMetrics/VictoriaLogs)
build() { # MODULE PACKAGE PROGRAM [LDFLAGS]
  go -C "$1" build -trimpath -buildvcs=false -ldflags="-s -w ${4-}" -o "$programs/$3" "$2"
  sh packaging/licenses.sh "$1" "$2" "$programs/licenses" # where packages.sh takes them from
}
for arch in amd64 arm64; do
  programs=$work/linux-$arch folder=$work/archive/$arch/otelcol-mina-$version
  export GOOS=linux GOARCH=$arch
  build _build . otelcol-mina
  build . ./cmd/mina mina "-X main.version=$stamp"
  build $engine github.com/VictoriaMetrics/VictoriaLogs/app/victoria-logs victoria-logs \
    "-X github.com/VictoriaMetrics/VictoriaMetrics/lib/buildinfo.Version=victoria-logs-$engine_version"
  unset GOOS GOARCH
  mkdir -p "$folder"
  cp -R "$programs"/* LICENSE README.md config "$folder"
  sh packaging/archive.sh "$folder" "$dist/otelcol-mina_${version}_linux_$arch.tar.gz"

  for program in otelcol-mina mina victoria-logs; do
    go tool -modfile="$PWD/internal/tools/cyclonedx/go.mod" cyclonedx-gomod bin -json -std -noserial -notimestamp -version "v$stamp" \
      -output "$dist/${program}_${version}_linux_$arch.cdx.json" "$programs/$program"
  done
  make packages image-archive VERSION="$version" ARCH="$arch" PROGRAMS="$programs" DIST="$dist"
done

make chart VERSION="$version" DIST="$dist"
monitoring=$work/archive/otelcol-mina-monitoring-$version
cp -R docs/monitoring "$monitoring"
sh packaging/archive.sh "$monitoring" "$dist/otelcol-mina-monitoring_$version.tar.gz"

cd "$dist"
sha256sum -- * >"$work/SHA256SUMS"
mv "$work/SHA256SUMS" .
