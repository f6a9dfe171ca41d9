#!/bin/sh
# Sends the example application some requests: usual ones, errors, and secrets
# that must not leave the host.
set -eu
url=${1:-http://127.0.0.1:5000}
agent='Mozilla/5.0 (X11; Linux x86_64)'
python=${PYTHON:-/usr/bin/python3}

send() { "$python" - "$url" "$agent" "$@" <<'PY'
import sys, urllib.error, urllib.request
url, agent, method, path, body, *headers = sys.argv[1:]
request = urllib.request.Request(url + path, data=body.encode() or None, method=method)
request.add_header("User-Agent", agent)
if body:
    request.add_header("Content-Type", "application/json")
for header in headers:
    request.add_header(*header.split(": ", 1))
try:
    urllib.request.urlopen(request, timeout=10).read()
except urllib.error.HTTPError:
    pass
PY
}

send GET  '/api/meetings?page=2' '' 'X-User: ana'
send POST '/api/meetings/7/transcribe?lang=de' '' 'X-User: ana'
send POST '/api/meetings/-1/transcribe' '' 'X-User: ben'
send POST '/api/login' '{"user": "ana", "password": "hunter2-planted"}'
send POST '/api/pay' '{"card": "4111 1111 1111 1111"}' 'X-User: ana' 'Authorization: Bearer planted-abc123def456'
send GET  '/api/crash' '' 'X-User: ben'
send GET  '/api/unknown' ''
