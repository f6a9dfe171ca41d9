"""Raises exceptions of many kinds and prints, as JSON, what traceback.format_exception
prints of each, and what Python knows of it: class, message, frames, what led to it, and
what is in a group. Where the text does not tell what Python knows, the expectation is what
the package's documentation says of it.

Usage: generate.py COUNT SEED
"""

import json
import random
import sys
import threading
import traceback

GROUPS = sys.version_info >= (3, 11)
RECURSION = sys.version_info >= (3, 9)  # 3.8 aborts when it is caught in a recursion
STACK = "Stack (most recent call last):"

LINES = [
    "bad id", "", "  indented", "    deeper", "KeyError: 'x'", "app.errors.Odd: no", "SystemExit", "für Ümläute 🎉",
    "DETAIL:  Key (id)=(7) already exists.", "[SQL: INSERT INTO t VALUES (?)]", "(Background on this error at: https://sqlalche.me/e/20/gkpj)",
    '  File "/srv/mina/a.html", line 3', "    ^^^^", "~~~^^^", "| a | b |", "+---+---+", "  | x", "    | y", "  +-+---------------- 1 ----------------",
    '"""', "worker failed:", "http://localhost:8319/", "key: value", "x" * 300, "File not found", "...<3 lines>...", "[Previous line repeated twice]",
    "Exception Group", "Call stack:", "\ttab", "ends in blanks  ", "{'a': [1, 2]}", "%s %d", "Traceback", "2 sub-exceptions", STACK,
]

random.seed(int(sys.argv[2]))
choice, chance = random.choice, lambda p: random.random() < p


def message():
    if chance(0.4):
        return choice(["", "bad id", "7", "two words", "a: b", "\nfirst line is empty", " leading blank", "für"])
    return "\n".join(choice(LINES) for _ in range(random.randint(1, 6)))


def new_class():
    name = choice(["Odd", "NoSuchMeeting", "timeout", "StoreError", "_Private", "Fehlerø", "Größe"])
    base = choice([Exception, ValueError, RuntimeError, KeyError, OSError])
    body = {"__module__": choice(["__main__", "builtins", "services.mail", "app", "my-plugin.errors", "büro.fehler"])}
    body["__qualname__"] = choice([name, "Store." + name, "load.<locals>." + name, "Store.load.<locals>." + name])
    return type(name, (base,), body)


def unprintable():
    class Unprintable(Exception):
        def __str__(self):
            raise ValueError("no text")

    return Unprintable()


def never_raised():
    """Printed first it has no header, and is told from other programs' lines by its class."""
    e = new_exception(9)
    name = class_of(e)
    return e if "." in name or name.endswith(("Error", "Interrupt", "Iteration", "Exit")) else ValueError(message())


def recursive(n=0):
    return recursive(n + 1)


def new_exception(depth):
    kind = random.randint(0, 13)
    if kind < 5:
        return choice([ValueError, RuntimeError, KeyError, TypeError, KeyboardInterrupt, StopIteration])(message())
    if kind < 9:
        return new_class()(message())
    if kind == 9:
        return unprintable()
    if kind == 10:
        return OSError(2, "No such file", "/srv/x")
    if kind == 11 or not GROUPS or depth > 3:
        return choice([KeyboardInterrupt, ValueError, SystemExit])()
    children = [exception(depth + 1) for _ in range(choice([1, 2, 3, 18]) if depth == 0 else random.randint(1, 2))]
    cls = choice([ExceptionGroup, BaseExceptionGroup, type("Several", (ExceptionGroup,), {"__module__": "app"})])
    if not all(isinstance(c, Exception) for c in children):
        cls = BaseExceptionGroup
    return cls(message() or "several", children)


def raised_by_python(depth):
    kind = random.randint(0, 12)
    if kind == 0:
        compile(choice(["def f(:\n  pass", "a b\n", "x = (\n", "if 1:\nx\n", "  y = 1\n"]), "/srv/mina/plugin.py", "exec")
    if kind == 1 and RECURSION:
        recursive()
    if kind == 2:
        return int("x")
    if kind == 3:
        return {}["key"]
    if kind == 4:
        return [1 // n for n in (1, 0)]
    raise new_exception(depth)


def chained(depth):
    kind = random.randint(0, 3)
    if kind == 0:
        raise new_exception(depth) from never_raised()
    try:
        raise_one(depth)
    except BaseException as e:
        if kind == 1:
            raise new_exception(depth) from e
        if kind == 2:
            raise new_exception(depth) from None
        raise new_exception(depth)


def raise_one(depth):
    if depth < 4 and chance(0.6):
        chained(depth + 1)
    raised_by_python(depth)


def embedding(colon):
    """An exception whose message holds the traceback of another one. Python knows which
    was raised; the text tells it only if the line above the traceback ends in a colon."""
    inner = exception(9)
    text = "".join(traceback.format_exception(type(inner), inner, inner.__traceback__))
    try:
        raise RuntimeError("worker failed" + (":\n" if colon else "\n") + text)
    except RuntimeError as outer:
        if not colon:
            outer.told = inner
        return outer


def exception(depth=0):
    """An exception that has been raised. A thread of its own keeps those that are being
    handled out of its context, as Python prints none of them twice."""
    if depth == 0 and chance(0.05):
        return choice([embedding(True), embedding(False)])
    raised = []

    def work():
        try:
            raise_one(depth)
        except BaseException as e:
            raised.append(e)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if GROUPS and chance(0.2):
        for _ in range(random.randint(1, 2)):
            raised[0].add_note(message())
    return raised[0]


def class_of(e):
    module, name = type(e).__module__, type(e).__qualname__
    return name if module in ("__main__", "builtins") else module + "." + name


def message_of(e):
    try:
        text = str(e)
    except Exception:
        text = "<exception str() failed>" if GROUPS else "<unprintable %s object>" % type(e).__name__
    if isinstance(e, SyntaxError):
        text = e.msg
    notes = getattr(e, "__notes__", None) or []
    text = "\n".join([text] + notes) if text or notes else ""
    lines = text.split("\n")
    if STACK in lines[1:]:
        lines = lines[: lines.index(STACK, 1)]
    return "\n".join(lines).rstrip(" \t\r\n")


def frames_of(e):
    frames = [[f.filename, f.lineno, f.name] for f in traceback.extract_tb(e.__traceback__)]
    if isinstance(e, SyntaxError):
        frames.append([e.filename, e.lineno, ""])
    return frames if len(frames) < 100 else None


def expected(e, depth=1):
    e = getattr(e, "told", e)
    known = {"class": class_of(e), "message": message_of(e), "frames": frames_of(e), "cause": e.__cause__ is not None}
    before = e.__cause__ or (None if e.__suppress_context__ else e.__context__)
    if before is not None:
        known["before"] = expected(before, depth)
    if GROUPS and isinstance(e, BaseExceptionGroup):
        known["group"] = [expected(c, depth + 1) for c in e.exceptions[:15]]
    return known


def printed(e):
    text = "".join(traceback.format_exception(type(e), e, e.__traceback__))
    return {"text": text, "expected": expected(e), "one": not hasattr(e, "told")}


sys.setrecursionlimit(300)
json.dump([printed(exception()) for _ in range(int(sys.argv[1]))], sys.stdout)
