"""The index of the course's questions, held against sources, tests and subcommands."""

import re

from .blocks import ROOT

INDEX = ROOT / "Docs" / "questions.md"


def names(cell):
    return [name.replace("\\|", "|") for name in re.findall(r"`([^`]+)`", cell)]


def rows():
    for number, line in enumerate(INDEX.read_text().split("\n"), 1):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 5 and cells[0] != "question" and not cells[0].startswith("---"):
            yield number, cells


def missing(symbols):
    tests = "\n".join(path.read_text() for path in (ROOT / "Tests").rglob("*.swift"))
    commands = "\n".join(path.read_text() for path in (ROOT / "Modules/Course").rglob("*.swift"))
    known = {}
    for symbol in symbols:
        known.setdefault(symbol.name.split("(")[0], set()).add(symbol.module)
    for number, (question, modules, api, test, subcommand) in rows():
        where = f"Docs/questions.md:{number}: {question}"
        places = {module.strip() for module in modules.split(",")}
        for name in names(api):
            if not known.get(name, set()) & places:
                yield f"{where}: {modules} has no public {name}"
        if not names(test):
            yield f"{where}: no test"
        for name in names(test):
            if f"func `{name}`" not in tests:
                yield f"{where}: there is no test `{name}`"
        for name in names(subcommand):
            if f'static let name = "{name}"' not in commands:
                yield f"{where}: there is no subcommand {name}"
