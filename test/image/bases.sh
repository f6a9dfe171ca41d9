#!/bin/sh
# Makes the images that the Dockerfiles begin with, as root and from Debian's packages, where
# none can be pulled and they are not there: sh test/image/bases.sh
set -eu
podman image exists docker.io/library/golang:1.26-bookworm && exit
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

# load NAME: the root as an image.
load() {
  tar --create --directory "$root" . | podman import --quiet --change "ENV GOPATH=/go" --change "ENV PATH=/usr/local/go/bin:/usr/sbin:/usr/bin:/sbin:/bin" - "$1" >/dev/null
}

debootstrap --variant=minbase --include=ca-certificates bookworm "$root" >/dev/null
# What this host trusts beside Debian's authorities, such as a proxy's.
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
load docker.io/library/debian:bookworm-slim

chroot "$root" apt-get install --yes --no-install-recommends git make >/dev/null
cp -R "$(go env GOROOT)" "$root/usr/local/go"
load docker.io/library/golang:1.26-bookworm
