"""Logging of the application: one JSON object a line, or text.

JSON_LOGS=true (default) is what production writes; JSON_LOGS=false is for a
developer's terminal. To see what the collector makes of other applications' logs:

LOG_FORMAT   the text's format, in the terms of logging.Formatter: with % or with {
LOG_LIBRARY  logging (default), pythonjsonlogger, loguru or structlog: who writes the
             lines, the latter two as text too
"""

import importlib
import json
import logging
import os
import socket
import sys
from datetime import datetime, timezone

from flask import g, has_request_context, request

# What every LogRecord has; anything else came with extra={...}.
STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class JSONFormatter(logging.Formatter):
    def format(self, record):
        entry = {
            "timestamp": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="microseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "module": record.module,
            "function": record.funcName,
            "line": record.lineno,
            "process_id": record.process,
            "process_name": record.processName,
            "thread_id": record.thread,
            "thread_name": record.threadName,
            "hostname": socket.gethostname(),
        }
        if has_request_context():
            entry["request_id"] = g.get("request_id")
            entry["http"] = {
                "method": request.method,
                "path": request.full_path.rstrip("?"),
                "ip": request.remote_addr,
                "user_agent": request.headers.get("User-Agent", "")[:200],
            }
            if g.get("user"):
                entry["user"] = g.user
        if record.exc_info:
            kind, error, _ = record.exc_info
            entry["exception"] = {
                "type": kind.__name__,
                "message": str(error),
                "traceback": self.formatException(record.exc_info),
            }
        entry.update((key, value) for key, value in vars(record).items() if key not in STANDARD)
        return json.dumps(entry, default=str)


MINA = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def text_formatter(text):
    return logging.Formatter(text, style="%" if "%(" in text else "{")


def configure():
    library = os.environ.get("LOG_LIBRARY", "logging")
    as_json = os.environ.get("JSON_LOGS", "true").lower() == "true"
    if library != "logging":
        handler = importlib.import_module("other_libraries").handler(library, as_json)
    else:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(JSONFormatter() if as_json else text_formatter(os.environ.get("LOG_FORMAT", MINA)))
    logging.basicConfig(level=logging.DEBUG, handlers=[handler])
