#!/bin/sh
# Builds the container image with whichever tool is there: packaging/image.sh NAME
set -eu
cd "$(dirname "$0")/.."
for tool in docker podman buildah; do
  if command -v "$tool" >/dev/null; then
    exec "$tool" build --tag "$1" .
  fi
done
echo "make image needs docker, podman or buildah" >&2
exit 1
