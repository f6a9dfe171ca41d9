#!/bin/sh
# Before the files are unpacked, some of which are the group's: makes the user that the
# collector runs as.
set -e
getent group otelcol-mina >/dev/null || groupadd --system otelcol-mina
if ! getent passwd otelcol-mina >/dev/null; then
  useradd --system --gid otelcol-mina --no-create-home --home-dir /var/lib/otelcol-mina --shell /usr/sbin/nologin \
    --comment 'OpenTelemetry Collector for the logs of Mina' otelcol-mina
  # Whose the logs in /var/log are.
  ! getent group adm >/dev/null || usermod --append --groups adm otelcol-mina
fi
