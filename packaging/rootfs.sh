#!/bin/sh
# Lays out the root of the container image: packaging/rootfs.sh FOLDER PROGRAMS
# PROGRAMS is the folder in which otelcol-mina and mina are.
set -eu
root=$1
programs=$(cd "$2" && pwd)
cd "$(dirname "$0")/.."
mkdir -p "$root/etc/ssl/certs" "$root/etc/otelcol-mina" "$root/var/lib/otelcol-mina" "$root/tmp"
cp "$programs/otelcol-mina" "$programs/mina" LICENSE "$root"
cp -R config/. "$root/etc/otelcol-mina"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
echo 'otelcol-mina:x:10001:10001::/var/lib/otelcol-mina:/sbin/nologin' >"$root/etc/passwd"
echo 'otelcol-mina:x:10001:' >"$root/etc/group"
chmod -R u=rwX,go=rX "$root" # whatever the umask was
chmod 755 "$root/otelcol-mina" "$root/mina"
chmod 1777 "$root/tmp"
