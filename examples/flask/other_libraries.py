"""The application's records as other libraries write them."""

import logging
import sys


def handler(library, as_json):
    return {"pythonjsonlogger": python_json_logger, "loguru": loguru, "structlog": structlog}[library](as_json)


def python_json_logger(as_json):
    from pythonjsonlogger import jsonlogger

    stream = logging.StreamHandler(sys.stdout)
    stream.setFormatter(jsonlogger.JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s %(funcName)s %(lineno)d %(process)d"))
    return stream


def loguru(as_json):
    from loguru import logger

    class Intercept(logging.Handler):
        """Hands records on to loguru, as its documentation shows."""

        def emit(self, record):
            place = {"name": record.name, "function": record.funcName, "line": record.lineno}
            patched = logger.patch(lambda entry: entry.update(place))
            patched.opt(exception=record.exc_info).log(record.levelname, record.getMessage())

    logger.remove()
    logger.add(sys.stdout, serialize=as_json)
    return Intercept()


def structlog(as_json):
    import structlog

    chain = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso" if as_json else "%Y-%m-%d %H:%M:%S", utc=True),
    ]
    end = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()] if as_json else [structlog.dev.ConsoleRenderer(colors=True)]
    stream = logging.StreamHandler(sys.stdout)
    stream.setFormatter(structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=chain, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *end]))
    return stream
