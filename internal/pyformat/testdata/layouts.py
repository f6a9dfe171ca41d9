"""Writes layouts.json: what Python's logging prints of records, for TestMatch."""
import json
import logging
import time

FORMATS = [
    "%(asctime)s [%(levelname)-8s] %(name)s: %(message)s",
    "%(asctime)s %(levelname)-8s %(name)s: %(message)s",
    "%(asctime)s - %(name)s - %(levelname)s - %(message)s",
    "%(asctime)-30s|%(levelname)8s|%(name)-25s|%(message)s",
    "%(levelname)s:%(name)s:%(message)s",
    "%(levelname)-5.5s [%(name)s] %(message)s",
    "%(levelname)-8s%(name)-25s%(message)s",
    "%(levelname).1s %(asctime)s %(process)5d %(filename)s:%(lineno)03d] %(message)s",
    "[%(asctime)s: %(levelname)s/%(processName)s] %(message)s",
    "[%(asctime)s] %(levelname)s in %(module)s: %(message)s",
    "%(asctime)s %(levelname)s: %(message)s [in %(pathname)s:%(lineno)d]",
    "%(asctime)s %(levelname)s %(message)s (%(filename)s:%(lineno)d) %(request_id)s",
    "%(created)f %(levelno)s %(thread)d %(threadName)s - %(funcName)s() %(message)s",
    "%(threadName)-12s %(levelname)s %(message)s",
    "%(asctime)s %(threadName)s %(module)s.%(funcName)s:%(lineno)d %(levelname)s %(message)s",
    "100%% %(levelname)s {%(name)s} %(request_id)s took %(duration).2f s, %(tries)d times: %(message)s",
    "%(levelname)s | %(relativeCreated)d | %(taskName)s | %(message)s",
    "{asctime} | {levelname:<8} | {name}:{funcName}:{lineno} - {message}",
    "{asctime}|{levelname:^10}|{process:>7}|{lineno:05d}|{message:<40}|",
    "{{{levelname}}} {name!s:>25} {message}",
    "{message} | {levelname}",
]
DATEFMTS = [None, "%Y-%m-%dT%H:%M:%S%z", "%Y/%m/%d %H:%M:%S", "%d/%b/%Y:%H:%M:%S %z", "%H:%M:%S", "%b %d %H:%M:%S"]
MSECS = ["%(asctime)s.%(msecs)03d %(levelname)s %(message)s", "%(asctime)s,%(msecs)d %(levelname)s %(message)s"]
RECORDS = [
    ("app", logging.INFO, "Booting", 0.785),
    ("services.transcription", logging.CRITICAL, "Disk [full]: 100% - (really) | {yes}", 0.007),
    ("app.views", 35, "", 0.5),
]


def made(name, level, message, fraction):
    record = logging.LogRecord(name, level, "/srv/mina/app.py", 41, message, None, None, func="pay")
    record.created = 1759335125 + fraction
    record.msecs = round(fraction * 1000)
    record.process, record.processName, record.thread = 10177, "MainProcess", 140245896464960
    record.threadName = "Thread-1 (worker)" if name == "app" else "MainThread"
    record.relativeCreated, record.taskName = 1234.5, "Task-1"
    record.request_id, record.duration, record.tries = "0f8fad5b", 12.5, 3
    return record


def lines():
    logging.Formatter.converter = time.gmtime
    formats = [(f, d) for f in FORMATS for d in (DATEFMTS if "asctime" in f else [None])]
    for text, datefmt in formats + [(f, d) for f in MSECS for d in ("%Y-%m-%d %H:%M:%S", "%H:%M:%S")]:
        formatter = logging.Formatter(text, datefmt, style="{" if "%(" not in text else "%")
        for number, args in enumerate(RECORDS):
            yield {"format": text, "datefmt": datefmt, "record": number, "line": formatter.format(made(*args))}


def written(items):
    return "[\n" + ",\n".join(json.dumps(item) for item in items) + "\n]"


records = [{k: str(v) for k, v in vars(made(*args)).items()} | {"message": args[2]} for args in RECORDS]
with open("layouts.json", "w", encoding="utf-8") as out:
    out.write('{"records": ' + written(records) + ', "lines": ' + written(lines()) + "}\n")
