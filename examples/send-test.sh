#!/bin/sh
# Sends one test record through the overlay of a destination, and says what has come of
# it: sh examples/send-test.sh datadog
set -eu
cd "$(dirname "$0")/.."
overlay=${1:-}
if [ ! -f "config/$overlay.yaml" ] || [ ! -f config/stdin.yaml ]; then
  echo "usage: sh examples/send-test.sh DESTINATION, one of:" $(cd config && ls ./*.yaml | sed 's/^\.\///; s/\.yaml$//; /^base$/d; /^stdin$/d; /^resend$/d; /^metrics$/d; /^explore/d; /^opamp$/d; /^alerts/d; /^gateway/d') >&2
  exit 2
fi
[ -x _build/otelcol-mina ] || { echo "build the collector first: make build" >&2; exit 2; }
printed=$(mktemp)
trap 'rm -f "$printed"' EXIT
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
# An error, since a destination such as Sentry takes nothing else.
record='{"timestamp": "'$now'", "level": "ERROR", "logger": "otelcol-mina", "message": "Test record of otelcol-mina at '$now'", "hostname": "'$(hostname)'"}'
status=0
printf '%s\n' "$record" |
  MINA_DELIVERY=acknowledged timeout "${SEND_TEST_SECONDS:-20}" _build/otelcol-mina --config config/stdin.yaml --config "config/$overlay.yaml" >"$printed" 2>&1 || status=$?
# The collector's own words, without time and fields that say nothing here.
words() { sed -n 's/^[^\t]*\t\(error\|warn\|info\)\t[^\t]*\t\(.*\)$/\2/p' "$printed" | grep -iE "$1" | tail -n 1; }
# The errors alone, but for what the end of the test has cut off.
causes() { sed -nE 's/.*"error": "(([^"\\]|\\.)*)".*/\1/p' "$printed" | sed 's/\\"/"/g' | grep -v 'context canceled$'; }
if grep -q 'dead-letter file' "$printed"; then
  echo "REFUSED: $overlay does not take the record itself."
  words 'dead-letter file'
  exit 1
fi
case $status in
  0) echo "DELIVERED: $overlay has taken \"Test record of otelcol-mina at $now\"" ;;
  124)
    echo "NOT DELIVERED after ${SEND_TEST_SECONDS:-20} seconds:"
    # What a destination has answered says more than that it has not.
    last=$(causes | grep -v '^there is no answer' | tail -n 1)
    [ -n "$last" ] || last=$(causes | tail -n 1)
    echo "${last:-$(tail -n 3 "$printed")}"
    exit 1
    ;;
  *)
    echo "NOT STARTED:"
    tail -n 3 "$printed"
    exit 1
    ;;
esac
