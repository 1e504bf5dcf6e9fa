"""What an answer may return: values of every type. The text of this file is a cell of a submission."""

import collections
import copy
import decimal
import fractions
import itertools
import tempfile
import warnings

import numpy as np


def _hostile(name, *methods, base=object):
    """Return an object of a class called `name` whose `methods` raise."""

    def fails(*about, **more):
        raise RuntimeError(f"{name} was looked at")

    return type(name, (base,), dict.fromkeys(methods, fails))()


def _agreeing():
    """Return an object that says yes to whatever it is asked."""
    yes = dict.fromkeys(("__eq__", "__lt__", "__gt__", "__le__", "__ge__", "__bool__"), lambda *about: True)
    return type("Agreeing", (float,), yes | {"__hash__": float.__hash__})(0.5)


def _endless():
    """Return a list that never comes to its end."""
    return type("Endless", (list,), {"__iter__": lambda self: itertools.repeat(1.0)})([1.0])


def _shifting():
    """Return what is another array each time it is asked."""
    count = itertools.count()
    arrays = (np.zeros((2, 2)), np.array(["a"]), np.full(3, np.nan), np.zeros((0, 5)))
    methods = {"__array__": lambda self, *about, **more: arrays[next(count) % len(arrays)]}
    return type("Shifting", (), methods)()


def _inside_itself(kind):
    found = kind()
    if kind is dict:
        found["a"] = found
    else:
        found.append(found)
    return found


def _nested(depth):
    found = 0.5
    for _ in range(depth):
        found = [found]
    return found


def _memmap():
    with tempfile.TemporaryFile() as file:
        return np.memmap(file, dtype="f8", mode="w+", shape=(2, 3))


def _lazy():
    yield 1.0
    raise ValueError("no second value")


def _array_of(value):
    array = np.empty(3, dtype=object)
    array[:] = [value] * 3
    return array


def _open():
    return tempfile.TemporaryFile()


class Same(list):
    """A list of another class."""


Point = collections.namedtuple("Point", "x y")
PLAIN = (
    *(None, ..., NotImplemented, True, False, 0, -1, 7, 10**20, 10**399, -(10**5000), 0.0, -0.0, 0.5),
    *(
        float("nan"),
        float("inf"),
        5e-324,
        1.8e308,
        2j,
        complex("nan+infj"),
        "",
        "a",
        "sigmoid",
        "\ud800\0\x1b[31m",
    ),
    *("x" * 10**5, "<script>alert(1)</script>", "$$\\href{javascript:1}{x}$$", b"bytes", bytearray(9)),
    *([], [None], [1, "a"], [..., None], (), (1,), {}, {"a": 1}, {None: None}, {1: {2: [3]}}, {(1, 2): 3}),
    *(set(), {1, 2}, frozenset({"a"}), range(3), range(10**12), slice(1), memoryview(b"ab"), Point(1, [2])),
    *([[1, 2], [3]], [[]], [10**399, 0.5], [float("nan"), None], [True, [False]], [[[1.0]]], ["a"] * 10**4),
    *(
        decimal.Decimal("NaN"),
        fractions.Fraction(1, 3),
        int,
        float,
        np,
        np.sin,
        print,
        len,
        type,
        Same([1.0]),
    ),
    *(
        ValueError("x"),
        KeyboardInterrupt(),
        StopIteration(),
        collections.deque([1]),
        collections.Counter("ab"),
    ),
)
NUMPY = (
    *(
        np.array(0.5),
        np.array(3),
        np.array(True),
        np.array([]),
        np.zeros((0, 3)),
        np.zeros((2, 1, 3)),
        np.zeros((1,) * 8),
    ),
    *(np.full((3, 3), np.nan), np.full(2, -np.inf), np.full(4, 1.7e308), np.array([1j]), np.zeros((1,) * 30)),
    *(np.array(["a", "b"]), np.array([b"a"]), np.array([None, 1]), np.array([[1], [2, 3]], dtype=object)),
    *(
        np.array(["2026-01-01"], dtype="M8[D]"),
        np.array([3], dtype="m8[s]"),
        np.datetime64("NaT", "s"),
        np.void(b"ab"),
    ),
    *(np.zeros(2, dtype=[("a", "f8"), ("b", "i4", 3)]), np.rec.array([(1, 2.0)]), np.dtype([])),
    *(np.ma.masked, np.ma.array([1, 2], mask=[0, 1]), np.ma.masked_all((2, 2)), np.poly1d([1, 2])),
    *(
        np.zeros(3, ">f8"),
        np.zeros((4, 4))[::2, ::-1],
        np.asfortranarray(np.eye(3)),
        np.random.default_rng(0),
    ),
    *(
        np.broadcast_to(0.5, (10**6, 10**6)),
        np.broadcast_to(0.5, (30, 40)),
        np.zeros((10**9, 0)),
        np.zeros((0, 10**9)),
    ),
    *(
        np.lib.stride_tricks.as_strided(np.zeros(1), (10**5, 10**5), (0, 0)),
        np.zeros(3 * 10**6),
        np.zeros(3 * 10**5),
    ),
    *(
        np.float16("inf"),
        np.float32(0.1),
        np.longdouble("1e4000"),
        np.clongdouble(1j),
        np.bool_(True),
        np.int8(-128),
    ),
    *(
        np.uint64(2**64 - 1),
        np.complex64(1j),
        np.str_("a"),
        np.bytes_(b"a"),
        np.dtype("f8"),
        np.newaxis,
        np.nditer([1]),
    ),
    *(
        [np.zeros((2, 3)), np.zeros((3, 1)), None],
        [np.array(0.5)] * 3,
        (np.zeros(2), np.zeros(3), np.zeros((2, 2)), 1),
    ),
    *(
        [np.zeros(2), [np.zeros(3)]],
        {"a": np.zeros(2)},
        [np.zeros((0, 0))] * 2,
        _array_of(10**399),
        _array_of([1]),
    ),
)
# What has to be made anew each time, or cannot be copied.
MADE = (
    *(
        _agreeing,
        _endless,
        _shifting,
        _lazy,
        _memmap,
        lambda: (x for x in (1, 2)),
        lambda: lambda: lambda: None,
    ),
    *(lambda: _inside_itself(list), lambda: _inside_itself(dict), lambda: _array_of(_inside_itself(list))),
    *(
        lambda: _nested(5),
        lambda: _nested(40),
        lambda: _nested(10**5),
        lambda: [0.5] * 10**6,
        _open,
    ),
    *(lambda: {n: n for n in range(10**5)}, lambda: [[0.1] * 300] * 300, lambda: type("A" * 10**5, (), {})()),
    *(
        lambda: _hostile("Equal", "__eq__", "__ne__", "__hash__"),
        lambda: _hostile("Named", "__repr__", "__str__"),
    ),
    *(
        lambda: _hostile("Counted", "__len__", "__iter__", base=list),
        lambda: _hostile("Asked", "__getattribute__"),
    ),
    *(
        lambda: _hostile("Wanted", "__array__"),
        lambda: _hostile("Rounded", "__float__", "__int__", base=float),
    ),
    *(lambda: _hostile("Typed", "__class__"), lambda: _hostile("Indexed", "__index__", "__int__", base=int)),
    *(
        lambda: _hostile("Items", "items", "keys", "get", "__getitem__", base=dict),
        lambda: np.zeros(2).view(Loud),
    ),
    lambda: np.matrix([[1, 2], [3, 4]]),
)


class Loud(np.ndarray):
    """An array that fails at whatever numpy does with it."""

    def __array_ufunc__(self, *about, **more):
        raise RuntimeError("no function of numpy works here")

    def __array_function__(self, *about, **more):
        raise RuntimeError("nor here")


def _raises(error):
    raise error


def _warns(text):
    warnings.warn(text, stacklevel=2)
    return 0.5


def _prints(text):
    print(text)
    return 0.5


class OddError(Exception):
    """An error that cannot be told."""

    def __str__(self):
        raise RuntimeError("no words for it")


# What is done instead of giving a value.
DONE = (
    *(
        lambda: _raises(ValueError("\ud800")),
        lambda: _raises(OddError()),
        lambda: _raises(NameError("x", name="\ud800")),
    ),
    *(lambda: _raises(SystemExit(0)), lambda: _raises(KeyboardInterrupt()), lambda: _raises(GeneratorExit())),
    *(lambda: _raises(NotImplementedError()), lambda: _raises(StopIteration(1)), lambda: _raises(OddError)),
    *(
        lambda: _raises(ExceptionGroup("a", [OddError()])),
        lambda: _raises(MemoryError()),
        lambda: _raises(OSError(5, b"a")),
    ),
    *(
        lambda: _warns("\ud800" * 10**5),
        lambda: _warns(OddWarning()),
        lambda: _prints("\ud800\0" * 10**5),
        lambda: 1 / 0,
    ),
    *(lambda: warnings.resetwarnings(), lambda: np.array(-1.0) ** 0.5, lambda: np.seterr(all="raise")),
)


class OddWarning(UserWarning):
    """A warning that cannot be told."""

    def __str__(self):
        raise RuntimeError("no words for it")


# One of these is put in the place of a piece of a right answer.
PIECES = (
    None,
    ...,
    10**399,
    "a",
    2j,
    np.array(0.5),
    np.zeros(0),
    np.nan,
    -np.inf,
    [],
    {},
    print,
    True,
    [[1j], 2],
)


def whole(value):
    """Return what gives `value` in the place of a right answer."""
    return lambda right: value


def made(make):
    """Return what makes a value in the place of a right answer."""
    return lambda right: make()


def changed(piece, place):
    """Return what puts `piece` into a right answer, at one of its places."""

    def change(right):
        if isinstance(right, dict) and right:
            return right | {list(right)[place % len(right)]: piece}
        if isinstance(right, list | tuple) and right:
            items = list(right)
            items[place % len(items)] = piece
            return type(right)(items) if type(right) in (list, tuple) else items
        array = np.array(right, dtype=object if not isinstance(piece, float) else None)
        if array.size:
            array.flat[place % array.size] = piece
        return array

    return change


def _shape(right):
    """Return a right answer in another form."""
    return np.array(right, dtype=float).T[..., None]


def _longer(right):
    return [*right, None]


ODD = [whole(value) for value in (*PLAIN, *NUMPY)] + [made(make) for make in (*MADE, *DONE)]
ODD += [changed(piece, place) for place in (0, 1, -1) for piece in PIECES]
ODD += [copy.deepcopy, _shape, _longer, lambda right: list(right)[:-1], lambda right: right * 1e300, np.abs]
ODD += [lambda right: np.array(right, dtype="f2"), lambda right: [right, right], lambda right: {"a": right}]


def odd_answer(right, number):
    """Return an answer like `right`, of which what it gives is odd: the one with that number."""
    change = ODD[number]
    if callable(right):
        return lambda *arguments: change(right(*arguments))
    if isinstance(right, dict) and any(map(callable, right.values())):
        functions = {name: odd_answer(f, number) for name, f in right.items() if callable(f)}
        rest = {name: value for name, value in right.items() if not callable(value)}
        try:
            return dict(change(rest)) | functions
        except Exception:
            return functions
    try:
        return change(right)
    except Exception:
        return None
