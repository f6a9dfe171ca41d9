#!/bin/sh
# Prints the time that the packed files have, in seconds since 1970: SOURCE_DATE_EPOCH, or else
# the commit's.
set -eu
[ -z "${SOURCE_DATE_EPOCH:-}" ] || { echo "$SOURCE_DATE_EPOCH"; exit; }
git log -1 --format=%ct || {
  echo "The files have no commit whose time they could have: set SOURCE_DATE_EPOCH, such as \$(date +%s)" >&2
  exit 1
}
