#!/bin/sh
# Runs the collector with config/local.yaml: on MINA_LOGS if that is set, else on
# the log of the example application, which is started and sent some requests.
set -eu
cd "$(dirname "$0")/.."
collector=_build/otelcol-mina
: "${MINA_STATE_DIR:=$PWD/.state}"
export MINA_STATE_DIR
mkdir -p "$MINA_STATE_DIR"

run() {
  echo "Reading $MINA_LOGS; records go to the terminal and to $MINA_STATE_DIR/records.jsonl. Stop with Ctrl-C." >&2
  "$collector" --config config/base.yaml --config config/local.yaml
}

if [ -n "${MINA_LOGS:-}" ]; then
  run
  exit
fi

if ! sh test/debian-packages.sh python3-flask gunicorn; then
  echo "The example application needs them; reading examples/sample.log instead." >&2
  MINA_LOGS=$PWD/examples/sample.log
  MINA_STATE_DIR=$MINA_STATE_DIR/sample # read whole each time
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
) &
MINA_LOGS="$logs/Start_application_*.log"
export MINA_LOGS
run
