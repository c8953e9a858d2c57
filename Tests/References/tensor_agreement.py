"""Random cases of Core's operations with the results of NumPy and PyTorch.

    python tensor_agreement.py > tensor_agreement.jsonl

Each line of the output is one case: an operation, its integer (`i`), real (`f`) and text (`e`)
arguments, its inputs and the outputs expected. An input is a dense array (`s` shape, `t` type, `d`
elements in row-major order) and the views (`v`) taken of it one after the other: `p` permutes the
axes, `s` slices an axis [axis, start, stop, step], `b` broadcasts to a shape.

Elements are small multiples of 1/4, so that text holds them exactly. Where NumPy and PyTorch
promote types differently, Core follows PyTorch: an integer with a float32 is a float32.
"""
import json
import random

import numpy as np
import torch
import torch.nn.functional as F

rng = random.Random(20240521)
TYPES = {"b1": np.bool_, "i4": np.int32, "i8": np.int64, "f4": np.float32, "f8": np.float64}
NAMES = {np.dtype(v): k for k, v in TYPES.items()}
FLOATS, NUMBERS = ["f4", "f8"], ["i4", "i8", "f4", "f8"]
lines = []


def text(x):
    if isinstance(x, (bool, np.bool_)):
        return "1" if x else "0"
    if isinstance(x, (int, np.integer)):
        return str(int(x))
    digits = 9 if isinstance(x, np.float32) else 14
    short = f"{float(x):.{digits}g}"
    return short


def dense(x):
    x = np.asarray(x)
    return {"s": list(x.shape), "t": NAMES[x.dtype], "d": " ".join(text(v) for v in x.ravel())}


def shape(low=1, high=4, most=5, limit=24, empty=0.04):
    while True:
        s = [rng.choice([1, 2, 2, 3, 3, 4, most]) for _ in range(rng.randint(low, high))]
        if s and rng.random() < empty:
            s[rng.randrange(len(s))] = 0
        if np.prod(s, dtype=int) <= limit:
            return s


def values(s, t, low=-3, high=3, distinct=False):
    n = int(np.prod(s, dtype=int))
    if distinct:
        raw = rng.sample(range(-2 * n - 4, 2 * n + 4), n)
        return np.array([v / 4 if t in FLOATS else v for v in raw], TYPES[t]).reshape(s)
    if t == "b1":
        return np.array([rng.random() < 0.5 for _ in range(n)], np.bool_).reshape(s)
    if t in FLOATS:
        return np.array([rng.randint(int(4 * low), int(4 * high)) / 4 for _ in range(n)],
                        TYPES[t]).reshape(s)
    low, high = int(np.ceil(low)), int(np.floor(high))
    return np.array([rng.randint(low, high) for _ in range(n)], TYPES[t]).reshape(s)


class Input:
    """An array seen through random views, and how to say so."""

    def __init__(self, s, t, low=-3, high=3, views=True, distinct=False, data=None):
        if data is not None:
            self.base, self.views, self.x = data, [], data
            return
        base_shape, steps = list(s), []
        kind = rng.choice("npsrb") if views and s and not distinct else rng.choice("nps")
        if not views or not s:
            kind = "n"
        if kind == "p":
            order = list(range(len(s)))
            rng.shuffle(order)
            base_shape = [0] * len(s)
            for place, axis in enumerate(order):
                base_shape[axis] = s[place]
            steps = [["p", order]]
        elif kind == "s":
            axis, before, step = rng.randrange(len(s)), rng.randint(0, 2), rng.randint(1, 2)
            base_shape[axis] = before + s[axis] * step + rng.randint(0, 1)
            steps = [["s", [axis, before, before + s[axis] * step, step]]]
        elif kind == "r":
            axis = rng.randrange(len(s))
            steps = [["s", [axis, s[axis] - 1, -1, -1]]]
        elif kind == "b" and 0 not in s:
            base_shape = [1 if rng.random() < 0.4 else n for n in s]
            steps = [["b", list(s)]]
        self.base = values(base_shape, t, low, high, distinct)
        self.views, x = steps, self.base
        for name, a in steps:
            if name == "p":
                x = x.transpose(a)
            elif name == "b":
                x = np.broadcast_to(x, a)
            else:
                index = [slice(None)] * x.ndim
                stop = None if a[2] < 0 else a[2]
                index[a[0]] = slice(a[1], stop, a[3]) if s[a[0]] else slice(0, 0)
                x = x[tuple(index)]
        assert list(x.shape) == list(s), (x.shape, s, steps)
        self.x = x

    def line(self):
        result = dense(self.base)
        views = [v for v in self.views if not (v[0] == "s" and v[1][2] == -1 and v[1][1] == -1)]
        if views:
            result["v"] = [{"k": k, "a": a} for k, a in views]
        return result


def case(op, inputs, outputs, i=(), f=(), e=""):
    if not isinstance(outputs, (list, tuple)):
        outputs = [outputs]
    outputs = [np.asarray(o) for o in outputs]
    line = {"op": op, "in": [x.line() for x in inputs], "out": [dense(o) for o in outputs]}
    if len(i):
        line["i"] = [int(v) for v in i]
    if len(f):
        line["f"] = [float(v) for v in f]
    if e:
        line["e"] = e
    lines.append(json.dumps(line, separators=(",", ":")))


def t(x):
    return torch.from_numpy(np.array(x, order="C"))


def promoted(a, b):
    """Both as tensors of one type; left alone, PyTorch lets scalars give way."""
    a, b = t(a), t(b)
    kind = torch.promote_types(a.dtype, b.dtype)
    return a.to(kind), b.to(kind)


def n(x):
    return x.numpy()


def narrowed(s):
    return [1 if rng.random() < 0.25 else v for v in s][rng.choice([0, 0, 0, 1]):]


def pair(types, low=-3, high=3, second_low=None):
    s = shape(0, 4)
    shapes = [s, narrowed(s)]
    rng.shuffle(shapes)
    a = Input(shapes[0], rng.choice(types), low, high)
    b = Input(shapes[1], rng.choice(types), second_low if second_low is not None else low, high)
    return a, b


def arithmetic():
    binary = {"add": torch.add, "subtract": torch.sub, "multiply": torch.mul,
              "divide": torch.div, "remainder": torch.fmod, "maximum": torch.maximum,
              "minimum": torch.minimum}
    for op, function in binary.items():
        for _ in range(10):
            a, b = pair(NUMBERS, second_low=0.5 if op in ("divide", "remainder") else None)
            case(op, [a, b], n(function(*promoted(a.x, b.x))))
    for op, function in {"power": torch.pow, "atan2": torch.atan2}.items():
        for _ in range(6):
            a, b = pair(FLOATS, 0.25, 3)
            case(op, [a, b], n(function(*promoted(a.x, b.x))))
    compare = {"equal": torch.eq, "different": torch.ne, "less": torch.lt,
               "lessOrEqual": torch.le, "greater": torch.gt, "greaterOrEqual": torch.ge}
    for op, function in compare.items():
        for _ in range(4):
            a, b = pair(NUMBERS)
            case(op, [a, b], n(function(*promoted(a.x, b.x))))
    for op, function in {"and": np.logical_and, "or": np.logical_or}.items():
        for _ in range(3):
            a, b = pair(["b1"])
            case(op, [a, b], function(a.x, b.x))
    for _ in range(8):
        a, b = pair(NUMBERS)
        c = Input(narrowed(np.broadcast_shapes(a.x.shape, b.x.shape)), "b1")
        case("select", [c, a, b], n(torch.where(t(c.x), *promoted(a.x, b.x))))


def elementary():
    real = {"exp": torch.exp, "expm1": torch.expm1, "sin": torch.sin, "cos": torch.cos,
            "tan": torch.tan, "atan": torch.atan, "erf": torch.erf, "sigmoid": torch.sigmoid,
            "tanh": torch.tanh, "softplus": F.softplus, "floor": torch.floor,
            "ceil": torch.ceil, "round": torch.round, "truncate": torch.trunc,
            "abs": torch.abs, "sign": torch.sign, "square": torch.square, "negative": torch.neg}
    positive = {"log": torch.log, "log1p": torch.log1p, "sqrt": torch.sqrt,
                "rsqrt": torch.rsqrt, "reciprocal": torch.reciprocal}
    for table, low in ((real, -3), (positive, 0.25)):
        for op, function in table.items():
            for _ in range(3):
                a = Input(shape(0, 4), rng.choice(FLOATS), low)
                case(op, [a], n(function(t(a.x))))
    for _ in range(3):
        a = Input(shape(0, 4), rng.choice(FLOATS))
        case("heaviside", [a], np.heaviside(a.x, a.x.dtype.type(0.5)))
        a = Input(shape(0, 3), "b1")
        case("not", [a], ~a.x)
        a = Input(shape(0, 4), rng.choice(NUMBERS))
        to = rng.choice(list(TYPES))
        case("cast", [a], np.trunc(a.x).astype(TYPES[to]) if to in ("i4", "i8")
             else a.x.astype(TYPES[to]), e=to)
        a = Input(shape(0, 4), rng.choice(NUMBERS))
        case("clamped", [a], np.clip(a.x, a.x.dtype.type(-1), a.x.dtype.type(2)), f=[-1, 2])


def reductions():
    for op in ["sum", "product", "mean", "variance", "max", "min", "any", "all", "logSumExp"]:
        for _ in range(9):
            types = FLOATS if op in ("mean", "variance", "logSumExp") else NUMBERS
            # The product of nothing and the greatest of nothing are left out.
            s = shape(1, 4, empty=0.05 if op in ("sum", "any", "all") else 0)
            a = Input(s, rng.choice(types))
            axes = sorted(rng.sample(range(len(s)), rng.randint(1, len(s))))
            if op == "logSumExp":
                axes = axes[:1]
            keep = rng.random() < 0.5
            axis = tuple(axes)
            x, same = a.x, a.x.dtype
            wide = same if same.kind == "f" else np.int64
            result = {
                "sum": lambda: x.sum(axis, keepdims=keep, dtype=wide),
                "product": lambda: x.prod(axis, keepdims=keep, dtype=wide),
                "mean": lambda: x.mean(axis, keepdims=keep),
                "variance": lambda: x.var(axis, keepdims=keep),
                "max": lambda: x.max(axis, keepdims=keep),
                "min": lambda: x.min(axis, keepdims=keep),
                "any": lambda: x.any(axis, keepdims=keep),
                "all": lambda: x.all(axis, keepdims=keep),
                "logSumExp": lambda: n(torch.logsumexp(t(x), axis, keepdim=keep)),
            }[op]()
            given = [v - len(s) if rng.random() < 0.5 else v for v in axes]
            case(op, [a], result, i=[int(keep)] + given)
    for op, function in {"argmax": np.argmax, "argmin": np.argmin}.items():
        for _ in range(6):
            a = Input(shape(1, 4, empty=0), rng.choice(NUMBERS))
            axis = rng.randrange(a.x.ndim)
            case(op, [a], function(a.x, axis), i=[axis])
    for op, function in {"softmax": torch.softmax, "logSoftmax": torch.log_softmax}.items():
        for _ in range(8):
            a = Input(shape(1, 4), rng.choice(FLOATS))
            axis = rng.randrange(a.x.ndim)
            case(op, [a], n(function(t(a.x), axis)), i=[axis])
    for _ in range(4):
        a = Input(shape(1, 3), rng.choice(FLOATS))
        case("norm", [a], np.sqrt((a.x * a.x).sum(dtype=a.x.dtype)))


def products():
    for _ in range(40):
        kind = rng.choice(["vv", "mv", "vm", "mm", "mm", "bb", "bb", "bm", "mb"])
        m, k, p = (rng.choice([1, 2, 3, 4]) for _ in range(3))
        batch = shape(1, 2, limit=6, empty=0)
        left = {"v": [k], "m": [m, k], "b": batch + [m, k]}[kind[0]]
        right = {"v": [k], "m": [k, p], "b": narrowed(batch) + [k, p]}[kind[1]]
        kind = rng.choice(NUMBERS)
        a, b = Input(left, kind), Input(right, kind)
        case("matmul", [a, b], np.matmul(a.x, b.x))
    for _ in range(3):
        kind = rng.choice(NUMBERS)
        a, b = Input([rng.randint(1, 5)], kind), Input([rng.randint(1, 5)], kind)
        case("outer", [a, b], np.outer(a.x, b.x))
    equations = ["ij,jk->ik", "ij,jk", "bij,bjk->bik", "ii->i", "ii", "iij->ji", "i,j->ij",
                 "ij,ij->", "ij->ji", "...ij,...jk->...ik", "...i,...i->...", "i...->...",
                 "ij,jk,kl->il", "ab,bc,cd,de->ae", "bij,bjk,bk->bi", "abc,acd,ad->b",
                 "ij,kj->ik", "bhqd,bhkd->bhqk", "aab,bc->ac", "ab,ab,b->a", "i,i,i->i",
                 "ijkl,lkm->ijm", "ab,bc,ca->", "a,b,c,d,e,f->fa"]
    for equation in equations:
        for _ in range(2):
            sizes = {letter: rng.randint(1, 3) for letter in "abcdefhijklmqi"}
            kind = rng.choice(["i8", "f4", "f8"])
            front = shape(1, 2, limit=4, empty=0)
            inputs = []
            for labels in equation.split("->")[0].split(","):
                lead = front if "..." in labels else []
                letters = [sizes[c] for c in labels if c != "."]
                s = letters + lead if labels.endswith("...") else lead + letters
                inputs.append(Input(s, kind))
            case("einsum", inputs, np.einsum(equation, *[x.x for x in inputs]), e=equation)


def shaping():
    for _ in range(8):
        a = Input(shape(1, 4), rng.choice(NUMBERS))
        s = list(a.x.shape)
        other = rng.sample(s, len(s))
        case("reshaped", [a], a.x.reshape(other), i=other)
        order = rng.sample(range(len(s)), len(s))
        case("permuted", [a], a.x.transpose(order), i=order)
        axis = rng.randrange(len(s))
        shift = rng.randint(-6, 6)
        case("rolled", [a], np.roll(a.x, shift, axis), i=[shift, axis])
        case("flipped", [a], np.flip(a.x, axis), i=[axis])
        count = rng.randint(0, 3)
        case("repeated", [a], np.repeat(a.x, count, axis), i=[axis, count])
        counts = [rng.randint(0, 2) for _ in range(s[axis])]
        if len(counts) != 1:
            case("repeated", [a], np.repeat(a.x, counts, axis), i=[axis] + counts)
        counts = [rng.randint(1, 2) for _ in s]
        case("tiled", [a], np.tile(a.x, counts), i=counts)
    for _ in range(5):
        a = Input(shape(2, 4, empty=0), rng.choice(NUMBERS))
        case("diagonal", [a], np.diagonal(a.x, 0, -2, -1))
    for _ in range(8):
        s = shape(1, 3, empty=0)
        axis, kind = rng.randrange(len(s)), rng.choice(NUMBERS)
        parts = []
        for _ in range(rng.randint(1, 3)):
            part = list(s)
            part[axis] = rng.randint(0, 3)
            parts.append(Input(part, kind))
        case("concatenated", parts, np.concatenate([p.x for p in parts], axis), i=[axis])
        parts = [Input(s, kind) for _ in range(rng.randint(1, 3))]
        case("stacked", parts, np.stack([p.x for p in parts], axis), i=[axis])
    borders = {"constant": "constant", "reflected": "reflect", "symmetric": "symmetric",
               "edge": "edge", "circular": "wrap"}
    for border, mode in borders.items():
        for _ in range(6):
            a = Input(shape(1, 3, limit=12, empty=0), rng.choice(NUMBERS))
            widths = [(rng.randint(0, 3), rng.randint(0, 3)) for _ in a.x.shape]
            extra = {"constant_values": 2} if mode == "constant" else {}
            flat = [v for w in widths for v in w]
            case("padded", [a], np.pad(a.x, widths, mode, **extra), i=flat, e=border)
    for _ in range(10):
        a = Input(shape(1, 3, empty=0, most=7), rng.choice(FLOATS))
        axis = rng.randrange(a.x.ndim)
        size = rng.randint(1, a.x.shape[axis])
        step = rng.randint(1, 3)
        case("slidingWindows", [a], n(t(a.x).unfold(axis, size, step)), i=[axis, size, step])


def indexing():
    for _ in range(10):
        a = Input(shape(1, 3, empty=0), rng.choice(NUMBERS))
        s, axis = list(a.x.shape), rng.randrange(a.x.ndim)
        extent = s[axis]
        index = Input(shape(0, 2, limit=6), "i8", -extent, extent - 1)
        case("gathered", [a, index], np.take(a.x, index.x, axis), i=[axis])
        where = list(s)
        where[axis] = rng.randint(0, 4)
        along = Input(where, "i8", 0, extent - 1)
        case("takenAlong", [a, along], np.take_along_axis(a.x, along.x, axis), i=[axis])
        updates = Input(where, NAMES[a.x.dtype])
        total = t(a.x).clone().scatter_add(axis, t(along.x), t(updates.x))
        case("addingAlong", [a, updates, along], n(total), i=[axis])
        distinct = np.argsort(values(s, "f8", distinct=True), axis).astype(np.int64)
        distinct = distinct.take(range(rng.randint(1, extent)), axis)
        fresh = Input(list(distinct.shape), NAMES[a.x.dtype])
        result = np.array(a.x)
        np.put_along_axis(result, distinct, fresh.x, axis)
        case("replacingAlong", [a, fresh, Input(None, None, data=distinct)], result, i=[axis])
        rows = Input([rng.randint(1, 4)], "i8", 0, extent - 1)
        where[axis] = rows.x.shape[0]
        updates = Input(where, NAMES[a.x.dtype])
        total = t(a.x).clone().index_add(axis, t(rows.x), t(updates.x))
        case("adding", [a, updates, rows], n(total), i=[axis])
    for _ in range(6):
        a = Input(shape(1, 3), rng.choice(NUMBERS))
        mask = Input(list(a.x.shape)[:rng.randint(1, a.x.ndim)], "b1")
        case("selected", [a, mask], a.x[mask.x])
        mask = Input(list(a.x.shape), "b1")
        case("filled", [a, mask], np.where(mask.x, a.x.dtype.type(7), a.x), f=[7])
        case("nonzeroIndices", [a], np.argwhere(a.x))
        labels = Input(shape(0, 2), rng.choice(["i4", "i8"]), 0, 4)
        hot = F.one_hot(t(labels.x).long(), 5).float()
        case("oneHot", [labels], n(hot), i=[5])


def ordering():
    for _ in range(10):
        a = Input(shape(1, 3, most=7), rng.choice(NUMBERS))
        axis, down = rng.randrange(a.x.ndim), rng.random() < 0.5
        found, order = torch.sort(t(a.x), dim=axis, descending=down, stable=True)
        case("sorted", [a], [n(found), n(order)], i=[axis, int(down)])
        values_, inverse, counts = np.unique(a.x, return_inverse=True, return_counts=True)
        case("unique", [a], [values_, inverse.reshape(a.x.shape), counts])
        a = Input(shape(1, 3, most=7), rng.choice(NUMBERS), distinct=True)
        axis = rng.randrange(a.x.ndim)
        k = rng.randint(0, a.x.shape[axis])
        best, places = torch.topk(t(a.x), k, axis, largest=down)
        case("topK", [a], [n(best), n(places)], i=[k, axis, int(down)])
        a = Input(shape(1, 3), rng.choice(NUMBERS))
        axis = rng.randrange(a.x.ndim)
        for op, function in {"cumulativeSum": torch.cumsum,
                             "cumulativeProduct": torch.cumprod}.items():
            case(op, [a], n(function(t(a.x), axis)), i=[axis])
        if a.x.size:
            case("cumulativeMaximum", [a], n(torch.cummax(t(a.x), axis).values), i=[axis])
            case("cumulativeMinimum", [a], n(torch.cummin(t(a.x), axis).values), i=[axis])


def losses():
    for _ in range(5):
        kind = rng.choice(FLOATS)
        s = shape(1, 3, empty=0)
        a, b = Input(s, kind), Input(s, kind)
        case("meanSquaredError", [a, b], n(F.mse_loss(t(a.x), t(b.x))))
        case("huber", [a, b], n(F.huber_loss(t(a.x), t(b.x), delta=0.75)), f=[0.75])
        p = Input(s, kind, 0, 1)
        case("binaryCrossEntropy", [a, p], n(F.binary_cross_entropy_with_logits(t(a.x), t(p.x))))
        rows, classes = rng.randint(1, 5), rng.randint(1, 5)
        a = Input([rows, classes], kind)
        labels = Input([rows], "i8", 0, classes - 1)
        case("softmaxCrossEntropy", [a, labels], n(F.cross_entropy(t(a.x), t(labels.x))))


for part in (arithmetic, elementary, reductions, products, shaping, indexing, ordering, losses):
    part()
print("\n".join(lines))
