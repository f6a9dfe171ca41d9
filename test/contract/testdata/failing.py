"""Raises exceptions of many kinds, hands each to the real sentry_sdk, and prints the
line that Mina's formatter would write for it."""

import json
import sys
import traceback

import sentry_sdk

sentry_sdk.init(sys.argv[1], in_app_include=["__main__"], default_integrations=False)


def simple():
    raise ValueError("Invalid meeting ID format")


def inner():
    return {}["key"]


def cause():
    try:
        inner()
    except KeyError as e:
        raise RuntimeError("cannot load") from e


def context():
    try:
        inner()
    except KeyError:
        raise RuntimeError("while handling")


def three():
    try:
        cause()
    except RuntimeError:
        raise OSError(2, "No such file", "/srv/x")


def hidden_context():
    try:
        inner()
    except KeyError:
        raise RuntimeError("without its context") from None


def empty():
    raise KeyboardInterrupt


def multiline():
    raise ValueError("first line\n\nthird line: more\n  and a last one")


def unicode():
    raise ValueError("für Ümläute 🎉")


def local():
    class Local(Exception):
        pass

    raise Local("here")


def library():
    json.loads("{nope")


def comprehension():
    return [1 // n for n in (1, 0)]


def remote():
    import concurrent.futures

    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        pool.submit(int, "x").result()


class Service:
    def call(self):
        return (lambda: self.fail())()

    def fail(self):
        assert False, "never: this"


def method():
    Service().call()


def main():
    for fail in (simple, cause, context, three, hidden_context, empty, multiline, unicode, local, library, comprehension, remote, method):
        try:
            fail()
        except BaseException as e:
            sentry_sdk.set_tag("kind", fail.__name__)
            sentry_sdk.capture_exception(e)
            print(json.dumps({
                "timestamp": "2025-10-01T16:12:05Z", "level": "ERROR", "logger": "app", "message": fail.__name__,
                "exception": {"type": type(e).__name__, "message": str(e), "traceback": traceback.format_exc()},
            }))
    sentry_sdk.flush()


if __name__ == "__main__":
    main()
