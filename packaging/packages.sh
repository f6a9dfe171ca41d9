#!/bin/sh
# Builds the Debian and the RPM package, or those that PACKAGERS names, of programs that are
# built: packaging/packages.sh VERSION ARCH FOLDER-OF-PROGRAMS DIST
# The bytes depend on what goes in and on SOURCE_DATE_EPOCH, else the commit's time, alone.
set -eu
export VERSION="$1" ARCH="$2"
sh "$(dirname "$0")/version.sh" "$VERSION"
sh "$(dirname "$0")/arch.sh" "$ARCH" "$3" otelcol-mina mina victoria-logs
mkdir -p "$4"
programs=$(cd "$3" && pwd) dist=$(cd "$4" && pwd)
cd "$(dirname "$0")/.."
SOURCE_DATE_EPOCH=$(sh packaging/epoch.sh)
export SOURCE_DATE_EPOCH
STAGE=$(mktemp -d)
export STAGE
trap 'rm -rf "$STAGE"' EXIT

cp "$programs/otelcol-mina" "$programs/mina" "$programs/victoria-logs" "$STAGE"
cp packaging/lib/* packaging/systemd/* packaging/otelcol-mina.env packaging/deb/copyright packaging/deb/lintian-overrides "$STAGE"
cp LICENSE docs/packages.md config/alertmanager/alertmanager.yml "$STAGE"
mkdir "$STAGE/config"
cp config/*.yaml "$STAGE/config"
# What is linked into the programs, if the folder does not say.
if [ -d "$programs/licenses" ]; then
  cp -R "$programs/licenses" "$STAGE"
else
  sh packaging/licenses.sh _build . "$STAGE/licenses"
  sh packaging/licenses.sh . ./cmd/mina "$STAGE/licenses"
  sh packaging/licenses.sh internal/tools/victorialogs github.com/VictoriaMetrics/VictoriaLogs/app/victoria-logs "$STAGE/licenses"
fi
sh packaging/archive.sh "$STAGE/licenses" "$STAGE/licenses.tar.gz"
for page in packaging/man/*; do gzip -9n <"$page" >"$STAGE/$(basename "$page").gz"; done
gzip -9n >"$STAGE/changelog.Debian.gz" <<EOF
otelcol-mina ($(echo "$VERSION" | sed 's/-/~/')-1) stable; urgency=medium

  * See https://github.com/mina-observability/otelcol-mina/blob/main/CHANGELOG.md

 -- The otelcol-mina authors <otelcol-mina@users.noreply.github.com>  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
EOF
find "$STAGE" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

for packager in ${PACKAGERS:-deb rpm}; do
  go tool -modfile="$PWD/internal/tools/nfpm/go.mod" nfpm package --config packaging/nfpm.yaml --packager "$packager" --target "$dist"
done
