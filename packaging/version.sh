#!/bin/sh
# Ends with 0 if VERSION can be that of packages, of a chart and of an image alike:
# packaging/version.sh VERSION
set -eu
printf %s "$1" | tr '\n' ' ' | grep -Eqx '[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?' || {
  echo "VERSION is \"$1\", and has to be as 0.2.0 or 0.2.0-rc.1" >&2
  exit 1
}
