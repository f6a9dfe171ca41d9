#!/bin/sh
# Lays out the root of the container image: packaging/rootfs.sh FOLDER BINARY
set -eu
root=$1 binary=$2
cd "$(dirname "$0")/.."
mkdir -p "$root/etc/ssl/certs" "$root/etc/otelcol-mina" "$root/var/lib/otelcol-mina" "$root/tmp"
chmod 1777 "$root/tmp"
cp "$binary" "$root/otelcol-mina"
cp -R config/. "$root/etc/otelcol-mina"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
echo 'otelcol-mina:x:10001:10001::/var/lib/otelcol-mina:/sbin/nologin' >"$root/etc/passwd"
echo 'otelcol-mina:x:10001:' >"$root/etc/group"
