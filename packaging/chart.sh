#!/bin/sh
# Packs the chart, which then has the version of the image that it runs:
# packaging/chart.sh VERSION DIST
# The bytes depend on what goes in and on SOURCE_DATE_EPOCH, else the commit's time, alone.
set -eu
version=$1
sh "$(dirname "$0")/version.sh" "$version"
mkdir -p "$2"
dist=$(cd "$2" && pwd)
cd "$(dirname "$0")/.."
SOURCE_DATE_EPOCH=$(sh packaging/epoch.sh)
export SOURCE_DATE_EPOCH
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -RL charts/otelcol-mina "$stage"
cp LICENSE "$stage/otelcol-mina"
sed -e "s/^version: .*/version: $version/" -e "s/^appVersion: .*/appVersion: $version/" charts/otelcol-mina/Chart.yaml >"$stage/otelcol-mina/Chart.yaml"
sh packaging/archive.sh "$stage/otelcol-mina" "$dist/otelcol-mina-$version.tgz"
