#!/bin/sh
# Sends the example application some requests: usual ones, errors, and secrets
# that must not leave the host.
set -eu
exec "${PYTHON:-/usr/bin/python3}" - "${1:-http://127.0.0.1:5000}" <<'PY'
import sys, urllib.error, urllib.request


def send(method, path, body="", **headers):
    request = urllib.request.Request(sys.argv[1] + path, data=body.encode() or None, method=method)
    request.add_header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64)")
    if body:
        request.add_header("Content-Type", "application/json")
    for name, value in headers.items():
        request.add_header(name.replace("_", "-"), value)
    try:
        urllib.request.urlopen(request, timeout=10).read()
    except urllib.error.HTTPError:
        pass


send("GET", "/api/meetings?page=2", X_User="ana")
send("POST", "/api/meetings/7/transcribe?lang=de", X_User="ana")
send("POST", "/api/meetings/-1/transcribe", X_User="ben")
send("POST", "/api/login", '{"user": "ana", "password": "hunter2-planted"}')
send("POST", "/api/pay", '{"card": "4111 1111 1111 1111"}', X_User="ana", Authorization="Bearer planted-abc123def456")
send("GET", "/api/crash", X_User="ben")
send("GET", "/api/unknown")
PY
