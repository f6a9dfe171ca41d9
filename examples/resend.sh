#!/bin/sh
# Sends dead letters again, through the overlay of a destination, and with the files of
# your own settings, if there are some:
#   sh examples/resend.sh loki [mine.yaml] /var/lib/otelcol-mina/dead-letter/lossless_otlp_http_loki*.jsonl
# It ends with 0 when every record was delivered, and with 4 when some are refused again,
# which are in a dead-letter file then. A collector that runs may go on meanwhile.
set -eu
root=$(dirname "$0")/..
binary=$root/_build/otelcol-mina
usage() {
  echo "usage: sh examples/resend.sh DESTINATION [SETTINGS.yaml]... FILE.jsonl..." >&2
  exit 2
}
[ -x "$binary" ] || { echo "build the collector first: make build" >&2; exit 2; }
files=$(mktemp)
trap 'rm -f "$files"' EXIT
trap : INT TERM # the collector hears of an interruption too, and says what has come of it
for argument; do
  shift
  case $argument in
    *.resending.jsonl) printf '%s\n' "${argument%.resending.jsonl}.jsonl" >>"$files" ;;
    *.jsonl) printf '%s\n' "$argument" >>"$files" ;;
    *.yaml) set -- "$@" --config "$argument" ;;
    *) set -- "$@" --config "$root/config/$argument.yaml" ;;
  esac
done
sort -u -o "$files" "$files" # a pattern may find a file and what is left of it
[ $# -gt 0 ] && [ -s "$files" ] || usage
# Nothing is moved for a configuration that does not start.
"$binary" validate --config "$root/config/resend.yaml" "$@"
code=0
# send FILE --config …: sends a file that was moved away, and removes it.
send() {
  moved=$1 status=0
  shift
  "$binary" --config "$root/config/resend.yaml" "$@" <"$moved" || status=$?
  case $status in
    0) echo "DELIVERED: ${moved%.resending.jsonl}.jsonl" ;;
    4)
      code=4
      echo "REFUSED AGAIN, or in part: ${moved%.resending.jsonl}.jsonl; those records are in a dead-letter file again"
      ;;
    *)
      echo "NOT DONE: the records are in $moved; the same command sends them again, also those that were delivered" >&2
      exit "$status"
      ;;
  esac
  rm -f "$moved"
}
while IFS= read -r file <&3; do
  moving=${file%.jsonl}.resending.jsonl
  for name in "$file" "$moving"; do
    # A file of another user's would take the place of the collector's own.
    [ ! -e "$name" ] || [ -O "$name" ] || { echo "$name is not yours: run this as its owner" >&2; exit 2; }
  done
  [ -e "$file" ] || [ -e "$moving" ] || { echo "there is no $file" >&2; exit 2; }
  # What a run before has not done comes first.
  [ ! -e "$moving" ] || send "$moving" "$@"
  [ ! -e "$file" ] || { mv "$file" "$moving" && send "$moving" "$@"; }
done 3<"$files"
exit "$code"
