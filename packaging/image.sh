#!/bin/sh
# Builds the container image from source, with whichever tool is there:
# packaging/image.sh NAME VERSION
set -eu
cd "$(dirname "$0")/.."
for tool in docker podman buildah; do
  command -v "$tool" >/dev/null || continue
  format=
  [ "$tool" = docker ] || format="--format docker" # that of OCI has no health check
  exec "$tool" build $format --build-arg VERSION="$2" --build-arg REVISION="$(git rev-parse HEAD 2>/dev/null || true)" --tag "$1" .
done
echo "make image needs docker, podman or buildah" >&2
exit 1
