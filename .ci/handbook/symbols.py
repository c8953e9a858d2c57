"""What symbol graphs say of public symbols, held against their comments."""

import json
import re

from .blocks import ROOT

# Members of protocols that every type has; their meaning is the protocol's.
INHERITED = {
    "description", "debugDescription", "hash(into:)", "==(_:_:)", "!=(_:_:)", "<(_:_:)",
    "encode(to:)", "init(from:)", "allCases", "rawValue", "init(rawValue:)", "hashValue", "next()",
    "makeIterator()", "errorDescription"}


class Symbol:
    def __init__(self, module, data, given):
        self.module, self.data = module, data
        self.path = ".".join(data["pathComponents"])
        self.name = data["pathComponents"][-1]
        self.kind = data["kind"]["identifier"]
        self.lines = [line["text"] for line in data.get("docComment", {}).get("lines", [])]
        self.declaration = "".join(
            part["spelling"] for part in data.get("declarationFragments", []))
        self.is_given = given

    @property
    def place(self):
        location = self.data.get("location")
        if not location:
            return self.module
        path = location["uri"].removeprefix("file://").removeprefix(str(ROOT) + "/")
        return f"{path}:{location['position']['line'] + 1}"


def read(folders):
    """Every public symbol of every module, in the order of their sources."""
    found = {}
    for module, folder in folders.items():
        for path in sorted(folder.glob(f"{module}*.symbols.json")):
            graph = json.loads(path.read_text())
            # What fulfils a requirement is documented by the requirement.
            given = {
                each["source"] for each in graph["relationships"]
                if each["kind"] in ("overrides", "defaultImplementationOf") or "sourceOrigin" in each}
            for data in graph["symbols"]:
                identifier = data["identifier"]["precise"]
                found.setdefault(identifier, Symbol(module, data, identifier in given))
    return sorted(found.values(), key=lambda symbol: (symbol.module, symbol.place))


def undocumented(symbols):
    for symbol in symbols:
        if symbol.lines or symbol.is_given or symbol.name in INHERITED:
            continue
        if symbol.kind == "swift.extension" or "::SYNTHESIZED::" in symbol.data["identifier"]["precise"]:
            continue
        yield f"{symbol.place}: {symbol.path} is not documented"


def literal(text):
    """A default as a comparable value, or None where it is no literal."""
    text = text.strip().rstrip(".,;:").replace("_", "").replace(",", "")
    try:
        return float(text)
    except ValueError:
        return {"true": True, "false": False, "nil": "nil"}.get(text)


def defaults(symbol):
    """Each parameter's default in the declaration, if it is a literal."""
    found = {}
    for name, value in re.findall(
            r"(\w+): [^,()=]+ = (-?[\w.]+)(?=[,)]|$)", symbol.declaration):
        found[name] = value
    return found


def wrong_defaults(symbols):
    """`- Parameter p: … (default: 0.9)`, `defaults to 0.9` against the declaration."""
    pattern = re.compile(
        r"\(?\bdefaults?(?: is| to|:)? `?(-?[\d.][\d.,_e+-]*|true|false|nil)`?"
        # Not part of a formula, nor a number in groups: 10⁻⁴, 1/√n, 10 000.
        r"(?![\w⁻⁰¹²³⁴⁵⁶⁷⁸⁹/·√]|\s\d)")
    for symbol in symbols:
        known = defaults(symbol)
        if not known:
            continue
        parameter = None
        for line in symbol.lines:
            named = re.match(r"\s*- (?:Parameter )?(\w+):", line)
            if named:
                parameter = named.group(1)
            elif not line.startswith(" "):
                parameter = None
            stated = pattern.search(line)
            if not stated or parameter not in known:
                continue
            said, real = literal(stated.group(1)), literal(known[parameter])
            # A default of nil stands for one that is worked out.
            if real not in (None, "nil") and said != real:
                yield (f"{symbol.place}: {symbol.path}: the comment says that {parameter} is "
                       f"{stated.group(1)} by default, the declaration {known[parameter]}")
