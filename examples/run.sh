#!/bin/sh
# Runs the collector with config/local.yaml and the page of config/explore.yaml: on
# MINA_LOGS if that is set, else on the log of the example application, which is started
# and sent some requests.
set -eu
cd "$(dirname "$0")/.."
collector=_build/otelcol-mina
: "${MINA_STATE_DIR:=$PWD/.state}"
export MINA_STATE_DIR
mkdir -p "$MINA_STATE_DIR"

page=http://localhost:8320

# listens PORT: whether something does.
listens() {
  grep -qE "^ *[0-9]+: [0-9A-F]+:$(printf %04X "$1") [0-9A-F]+:0000 0A" /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

if listens 8320; then
  echo "Port 8320, for the page, is taken: end what listens there (ss -ltnp)." >&2
  exit 1
fi
if [ -z "${EXPLORE_ENDPOINT:-}" ] && listens 9428; then
  echo "Port 9428, for the store of the page, is taken: end what listens there (ss -ltnp), or, if it is a VictoriaLogs that may keep the records, set EXPLORE_ENDPOINT=http://localhost:9428." >&2
  exit 1
fi

run() {
  echo "Reading $MINA_LOGS; records go to the terminal, to $MINA_STATE_DIR/records.jsonl, and to the page: $page. Stop with Ctrl-C." >&2
  "$collector" --config config/base.yaml --config config/local.yaml --config config/explore.yaml
}

if [ -n "${MINA_LOGS:-}" ]; then
  run
  exit
fi

if ! sh test/debian-packages.sh python3-flask gunicorn; then
  echo "The example application needs them; reading examples/sample.log instead." >&2
  MINA_LOGS=$PWD/examples/sample.log
  MINA_STATE_DIR=$MINA_STATE_DIR/sample # read whole each time
  export EXPLORE_DAYS=3650               # it is of 2025
  rm -rf "$MINA_STATE_DIR"
  mkdir -p "$MINA_STATE_DIR"
  export MINA_LOGS
  run
  exit
fi

port=${MINA_EXAMPLE_PORT:-5000}
logs=$MINA_STATE_DIR/logs
mkdir -p "$logs"
/usr/bin/gunicorn --chdir examples/flask --bind "127.0.0.1:$port" --workers 2 --access-logfile - --pythonpath examples/flask main:app \
  >"$logs/Start_application_$(date +%Y%m%d%H%M%S).log" 2>&1 &
application=$!
trap 'kill $application 2>/dev/null || true; wait $application 2>/dev/null || true' EXIT
trap 'exit 0' INT TERM
(
  tries=0
  until /usr/bin/python3 -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$port/healthz')" 2>/dev/null; do
    tries=$((tries + 1))
    if [ $tries -gt 100 ]; then
      echo "The example application does not answer on port $port; set MINA_EXAMPLE_PORT if it is taken." >&2
      exit 1
    fi
    sleep 0.1
  done
  sh examples/flask/requests.sh "http://127.0.0.1:$port"
  echo "What they have done is on the page: $page" >&2
) &
MINA_LOGS="$logs/Start_application_*.log"
export MINA_LOGS
run
