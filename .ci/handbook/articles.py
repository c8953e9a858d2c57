"""The handbook's pages as articles of a DocC catalogue."""

import re
import shutil

from .blocks import ROOT

DOCS = ROOT / "Docs"


def linked(match, page, pages):
    """A link of the handbook as one of DocC's."""
    text, target = match.group(1), match.group(2)
    if re.match(r"(https?|mailto):", target):
        return match.group(0)
    file, _, heading = target.partition("#")
    path = (page.parent / file).resolve() if file else page
    if path not in pages:
        # Files outside of the handbook are not on the site.
        return text
    return f"[{text}](doc:{name_of(path)})"


def name_of(path):
    return "Handbook" if path.stem == "README" else path.stem


def article(page, pages):
    text = re.sub(r"<!--.*?-->\n?", "", page.read_text(), flags=re.S)
    pieces = re.split(r"(^ *```.*?^ *```$)", text, flags=re.M | re.S)
    for number in range(0, len(pieces), 2):
        prose = re.sub(r"!\[([^\]]*)\]\(pictures/([^)]+)\)", r"![\1](\2)", pieces[number])
        prose = re.sub(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)",
                       lambda match: linked(match, page, pages), prose)
        pieces[number] = prose
    for number in range(1, len(pieces), 2):
        pieces[number] = re.sub(r"^( *)```(output|python)$", r"\1```", pieces[number], flags=re.M)
    return "".join(pieces)


def catalogue(folder):
    """Writes the catalogue and returns its folder."""
    folder.mkdir(parents=True)
    pages = {path.resolve() for path in DOCS.glob("*.md")}
    for page in sorted(pages):
        text = article(page, pages)
        if page.stem == "README":
            title, _, rest = text.partition("\n")
            topics = "\n".join(
                f"- <doc:{name_of(other)}>" for other in sorted(pages) if other != page)
            text = (f"{title}\n\nA page for each course document and each topic.\n\n"
                    "@Metadata {\n  @TechnologyRoot\n}\n\n## Overview\n"
                    f"{rest}\n\n## Topics\n\n### Pages\n\n{topics}\n")
        (folder / f"{name_of(page)}.md").write_text(text)
    for picture in (DOCS / "pictures").glob("*.svg"):
        shutil.copy(picture, folder)
    return folder
