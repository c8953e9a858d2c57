"""Finds the Swift blocks of Markdown pages and of doc comments."""

import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]


@dataclasses.dataclass
class Block:
    """One fenced block, with what an HTML comment before it says."""

    path: pathlib.Path
    line: int  # of its first line of code, from 1
    code: list
    context: list = dataclasses.field(default_factory=list)
    marks: set = dataclasses.field(default_factory=set)
    outside: list = dataclasses.field(default_factory=list)  # context at file scope
    output: list = None  # what the page says that it prints

    @property
    def is_program(self):
        """A block that begins with its imports is a program of its own."""
        return any(re.match(r"import \w", line) for line in self.code)


MARKS = {"alone", "file scope", "manifest"}


def of_page(path):
    """The Swift blocks of a page, each with the `output` block that follows it."""
    blocks, context, outside, marks = [], [], [], set()
    lines = path.read_text().split("\n")
    number = 0
    while number < len(lines):
        line = lines[number]
        comment = re.match(r"<!-- (context(?: at file scope)?:|%s)" % "|".join(MARKS), line)
        fence = re.match(r"\s*```\s*(\S*)", line)
        if comment:
            text, start = [], number
            while "-->" not in lines[number]:
                text.append(lines[number])
                number += 1
            text.append(lines[number])
            inside = "\n".join(text).strip()[len("<!--"):-len("-->")].strip()
            kind, colon, code = inside.partition(":")
            if kind == "context":
                context.append((start + 1, code.strip("\n").split("\n")))
            elif kind == "context at file scope":
                outside.append((start + 1, code.strip("\n").split("\n")))
            else:
                marks.add(inside)
        elif fence:
            language, start = fence.group(1), number + 1
            indent = len(line) - len(line.lstrip())
            number += 1
            while number < len(lines) and lines[number].strip() != "```":
                number += 1
            body = [each[indent:] for each in lines[start:number]]
            if language == "swift":
                blocks.append(Block(path, start + 1, body, context, marks, outside=outside))
                context, outside, marks = [], [], set()
            elif language == "output" and blocks:
                blocks[-1].output = body
        number += 1
    return blocks


def of_source(path):
    """The Swift blocks in the doc comments of a source file."""
    blocks, current = [], None
    for number, line in enumerate(path.read_text().split("\n"), 1):
        text = line.strip()
        if not text.startswith("///"):
            current = None
            continue
        text = text[3:]
        if text.strip().startswith("```"):
            if current is not None:
                current = None
            else:
                # A fence in another language opens a block too, which is not kept.
                current = Block(path, number + 1, [])
                if text.strip() == "```swift":
                    blocks.append(current)
        elif current is not None:
            current.code.append(text[1:] if text.startswith(" ") else text)
    return blocks


def pages():
    """Every Markdown page that is part of the package."""
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    found += sorted((ROOT / "Docs").glob("*.md"))
    found += sorted((ROOT / "Benchmarks").rglob("*.md"))
    found += sorted((ROOT / "Modules").rglob("*.docc/*.md"))
    return found


def sources():
    """Every Swift source of the library."""
    return [path for path in sorted((ROOT / "Modules").rglob("*.swift"))]
