"""Raises what the *.txt beside it show, as CPython 3.8 to 3.13 print it: kinds.py KIND."""

import sys, logging, threading, traceback

def thread():
    def worker():
        raise ValueError("bad id")
    t = threading.Thread(target=worker); t.start(); t.join()

def ignored():
    class Store:
        def __del__(self):
            raise ValueError("cannot close")
    s = Store(); del s

def ignored_atexit():
    import atexit
    def bye():
        raise ValueError("cannot say goodbye")
    atexit.register(bye)

def logging_error():
    logging.basicConfig(format="%(message)s")
    logging.warning("x %d", "y")

def logging_error_chained():
    class Odd:
        def __str__(self):
            try: {}["a"]
            except KeyError as e: raise TypeError("no text\nof two lines") from e
    logging.warning("%s", Odd())

def excepthook():
    def hook(*a): raise RuntimeError("the hook fails too")
    sys.excepthook = hook
    raise KeyError("original")

def str_failed():
    class Odd(Exception):
        def __str__(self): raise ValueError("no text")
    raise Odd()

def unprintable():
    try: str_failed()
    except Exception: traceback.print_exc()

def fatal():
    import faulthandler; faulthandler.enable()
    import ctypes
    ctypes.string_at(0)

def dumped():
    import faulthandler
    e = threading.Event()
    t = threading.Thread(target=e.wait); t.start()
    faulthandler.dump_traceback(); e.set()

def abort():
    import faulthandler, os; faulthandler.enable(); os.abort()

def pool():
    import multiprocessing
    with multiprocessing.Pool(1) as p:
        p.map(int, ["x"])

def pool_in_pool():
    import concurrent.futures as c
    with c.ProcessPoolExecutor(1) as p: p.submit(pool_of).result()

def pool_of():
    import concurrent.futures as c
    with c.ProcessPoolExecutor(1) as p: p.submit(int, "x").result()

def process():
    import multiprocessing
    def target(): raise ValueError("in the child")
    p = multiprocessing.get_context("fork").Process(target=target); p.start(); p.join()

def stack_info():
    logging.basicConfig(format="%(message)s")
    try: 1/0
    except ZeroDivisionError: logging.getLogger("app").exception("4 stack_info", stack_info=True)

def embedded():
    try: 1/0
    except ZeroDivisionError: text = traceback.format_exc()
    raise RuntimeError("worker failed:\n" + text) from None

def template():
    import jinja2
    jinja2.Template("a\n{{ x\n").render()

def sqlalchemy():
    import sqlalchemy as sa
    e = sa.create_engine("sqlite://")
    with e.connect() as c:
        c.execute(sa.text("create table t (id integer primary key)"))
        for _ in range(2): c.execute(sa.text("insert into t values (:id)"), {"id": 7})

def loguru():
    from loguru import logger
    def charge(card): raise ValueError("card declined")
    def pay(card):
        try: charge(card)
        except ValueError as e: raise RuntimeError("payment failed\nof 7") from e
    try: pay("visa")
    except RuntimeError: logger.exception("Payment failed")

def syntax_caret():
    compile("def f(:\n  pass", "/srv/mina/plugin.py", "exec")

def suggestion():
    import collections
    collections.namedtoplo

def nameerror():
    valeu = 1
    return value

def assertion():
    assert {"a": 1} == {
        "b": 2}

def system_exit_cause():
    try: {}["a"]
    except KeyError as e: raise KeyboardInterrupt from e

def mro_weird():
    E = type("Weird", (Exception,), {"__module__": "my-plugin.errors"})
    raise E("dashed")

def noted_group():
    e = ExceptionGroup("two\nlines", [ValueError("a\nb"), KeyError("x")]); e.add_note("a note\nof two"); e.exceptions[0].add_note("inner: note")
    raise e

def group_context():
    try: 1/0
    except ZeroDivisionError: raise ExceptionGroup("two", [ValueError(1), TypeError(2)])

def group_of_chains():
    def chained():
        try: 1/0
        except ZeroDivisionError as e: raise ExceptionGroup("inner", [ValueError(1), ExceptionGroup("innermost", [OSError(2)])]) from e
    def after():
        try: chained()
        except ExceptionGroup: raise RuntimeError("after the inner group")
    try: after()
    except RuntimeError as e: raise ExceptionGroup("outer", [e, KeyError("last")])

def group_not_raised():
    raise RuntimeError("start failed") from ExceptionGroup("several", [ValueError(1)])

def group_deep():
    e = ValueError("deep")
    for i in range(14): e = ExceptionGroup(f"level {i}", [e])
    raise e

if __name__ == "__main__":
    globals()[sys.argv[1]]()
