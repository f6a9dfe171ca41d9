#!/bin/sh
# Packs FOLDER as FILE.tar.gz: packaging/archive.sh FOLDER FILE
# The bytes depend on names, contents, which files are executable, and SOURCE_DATE_EPOCH.
set -eu
tar --create --format=gnu --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode='u=rwX,go=rX' \
  --directory "$(dirname "$1")" "$(basename "$1")" | gzip -9n >"$2"
