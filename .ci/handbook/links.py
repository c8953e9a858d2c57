"""Links among pages: the file is there, and the heading."""

import re
import urllib.parse

from .blocks import ROOT


def without_code(text):
    text = re.sub(r"^( *)```.*?^\1```", "", text, flags=re.M | re.S)
    return re.sub(r"`[^`\n]*`", lambda match: "x" * len(match.group()), text)


def anchor(heading):
    """The anchor that GitHub gives a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.strip()).replace("`", "").lower()
    return re.sub(r"\s", "-", re.sub(r"[^\w\- ]", "", text))


def anchors(path):
    text = re.sub(r"^( *)```.*?^\1```", "", path.read_text(), flags=re.M | re.S)
    return {anchor(heading) for heading in re.findall(r"^#+ (.*)$", text, flags=re.M)}


def broken(pages):
    for page in pages:
        text = without_code(page.read_text())
        name = page.relative_to(ROOT)
        targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(
            r"^\[[^\]]+\]: (\S+)$", text, flags=re.M)
        used = set(re.findall(r"\[[^\]]+\]\[([^\]]+)\]", text))
        known = set(re.findall(r"^\[([^\]]+)\]:", text, flags=re.M))
        for reference in used - known:
            yield f"{name}: [{reference}] is not defined"
        for target in targets:
            if re.match(r"(https?|mailto|doc):", target):
                continue
            file, _, heading = target.partition("#")
            path = (page.parent / urllib.parse.unquote(file)).resolve() if file else page
            if not path.exists():
                yield f"{name}: {target} leads nowhere"
            elif heading and path.suffix == ".md" and urllib.parse.unquote(
                    heading) not in anchors(path):
                yield f"{name}: {file or name} has no heading #{heading}"
