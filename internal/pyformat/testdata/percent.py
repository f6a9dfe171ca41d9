"""Writes percent.json: what Python makes of msg % args, for TestFormat."""
import json

cases = [
    ("plain", ()), ("plain 100%", ()), ("%s and %s", ("a", "b")), ("%s", ("it's",)), ("%s", ('both " and \'',)),
    ("%r", ("it's\n",)), ("%d items", (3,)), ("%5d|%-5d|%05d|%+d|% d", (1, 2, 3, 4, 5)), ("%d", (12345678901234567890123,)),
    ("%d", (3.99,)), ("%d", (True,)), ("%x %X %#x %o %#o", (255, 255, -255, 8, 8)), ("%.3d", (7,)),
    ("%f %.2f %e %g %G", (1.5, 2.345, 12345.678, 0.00001, 1e20)), ("%f", (3,)), ("%.0f", (2.5,)), ("%g", (1e6,)), ("%g", (123456.0,)),
    ("%f %d%%", (float("inf"), 5)), ("%F", (float("nan"),)), ("%10.3s|", ("abcdef",)), ("%-10s|", ("é",)), ("%010d", (-42,)),
    ("%s", (None,)), ("%s", ([1, 'a', (2,)],)), ("%s %s", ({'a': 1}, {1, })), ("%s", (b'\x00a',)), ("%c%c", (65, "é")),
    ("%(user)s did %(n)05d", {"user": "ana", "n": 7}), ("%(a)s", {"a": [1, 2]}), ("%s", {"a": 1}), ("%a", ("é€😀",)),
    ("%*d|%-*d|%.*f", (5, 1, 4, 2, 2, 3.14159)), ("%s", ("line\nbreak\ttab\\ \x07",)), ("%s", ((),)), ("%ld", (5,)),
    ("%s %s", ("only one",)), ("%s", ("a", "b")), ("%d", ("x",)), ("%(missing)s", {"a": 1}), ("%q", (1,)), ("50% of %s", ("x",)),
    ("%s", ("😀",)), ("%5s|", (True,)), ("%05s|", ("a",)), ("%e", (0.0,)), ("%s", (1e16,)), ("%s", (-0.0,)), ("%i", (-7,)), ("%", (1,)),
]
out = []
for msg, args in cases:
    try:
        want = msg % args if args else msg
    except (TypeError, ValueError, KeyError):
        want = None
    out.append({"msg": msg, "args": str(args), "want": want})
json.dump(out, open("percent.json", "w"), ensure_ascii=False, indent=0)
