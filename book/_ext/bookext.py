"""Sphinx extension: a page that asks no other host for anything and writes nothing to the console.

Out of the box a Jupyter Book page fetches MathJax from a content network, registers its extension
scripts twice (the console then says that a constant is declared again), greets the first visitor with
an invalid theme mode, and draws its icons by 1.5 MB of scripts although it has them as a font. Each function below
removes one of these.
"""

import html
import importlib.util
import re
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective

# MathJax in parts: its bundles have the menu of formulas too, 426 KB of the 1,161 that each page would load.
MATHJAX = "startup.js"
PARTS = ["core", "input/tex", "output/chtml", "a11y/assistive-mml"]
# Its fonts, and what it fetches where a formula has \boldsymbol or its kind.
BESIDE = ("output/chtml/fonts", "input/tex/extensions")
# The theme's script of icons, and two of its three fonts, of which no page shows a letter.
ICONS = re.compile(
    r'\s*<script src="[^"]*/fontawesome/[^"]*"></script>|\s*<link rel="preload"[^>]*fa-(brands|regular)[^>]*>'
)


def mathjax_folder() -> Path:
    """The MathJax of the wheel sphinx-mathjax-offline; it is 24 MB, and we need few parts."""
    spec = importlib.util.find_spec("sphinx-mathjax-offline")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package sphinx-mathjax-offline is not installed: run make setup")
    return Path(spec.submodule_search_locations[0]) / "static" / "mathjax"


def copy_mathjax(app: Sphinx, error: Exception | None) -> None:
    """Put the scripts and the fonts beside the pages, once the pages are written."""
    if error is not None or app.builder.format != "html":
        return
    source, target = mathjax_folder(), Path(app.outdir) / "_static" / "mathjax"
    for folder in BESIDE:
        shutil.copytree(source / folder, target / folder, dirs_exist_ok=True)
    for part in (MATHJAX, *PARTS):
        file = Path(part).with_suffix(".js")
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / file, target / file)


def tidy_html(app: Sphinx, error: Exception | None) -> None:
    """Without scripts of icons, and with references as items of their list: no template has a switch for it."""
    if error is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text("utf-8")
        page.write_text(ICONS.sub("", text).replace('role="doc-biblioentry"', 'role="listitem"'), "utf-8")
    for folder in Path(app.outdir).glob("_static/vendor/fontawesome/*/js"):
        shutil.rmtree(folder)


def tidy_page(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Each script once, no live-code script (it names a host), a theme that follows the reader."""
    seen: set[str] = set()
    kept = []
    for script in context.get("script_files", []):
        name = str(getattr(script, "filename", None) or script)
        if "thebe" in name or name in seen:
            continue
        seen.add(name)
        kept.append(script)
    context["script_files"] = kept
    context["default_mode"] = "auto"


PICTURE = """<picture>
<source media="(max-width: 40rem)" srcset="{file}-phone.svg" width="{phone[0]}" height="{phone[1]}">
<img src="{file}.svg" alt="{alt}" width="{screen[0]}" height="{screen[1]}" loading="lazy">
</picture>"""


class DrawnFigure(SphinxDirective):
    """A figure of which there are two drawings beside the page, for a wide and for a narrow screen; its caption is the
    content, and begins with its number. Without content it has neither."""

    has_content, required_arguments = True, 1
    option_spec = {name: directives.unchanged for name in ("name", "number", "alt", "sizes")}

    def run(self) -> list[nodes.Node]:
        screen, phone = (each.split("x") for each in self.options["sizes"].split())
        alt = html.escape(self.options["alt"])
        picture = PICTURE.format(file=self.arguments[0], alt=alt, screen=screen, phone=phone)
        figure = nodes.figure("", nodes.raw("", picture, format="html"), classes=["drawn"])
        if not self.content:
            return [figure]
        number = nodes.inline("", f"Figure {self.options['number']}. ", classes=["figure-number"])
        caption = nodes.caption("", "", number)
        words, messages = self.state.inline_text(" ".join(self.content), self.lineno)
        caption += words
        figure += caption
        self.add_name(figure)
        return [figure, *messages]


def copy_files(app: Sphinx, error: Exception | None) -> None:
    """What links of pages lead to: pictures and tables of figures, and the records of runs."""
    if error is not None or app.builder.format != "html":
        return
    chapters, target = Path(app.srcdir) / "chapters", Path(app.outdir)
    if (chapters / "figures").is_dir():
        shutil.copytree(chapters / "figures", target / "chapters" / "figures", dirs_exist_ok=True)
    (target / "records").mkdir(exist_ok=True)
    published = Path(app.srcdir).parent / "records"
    for folder in (published, published / "archive", chapters / "records"):
        for record in folder.glob("*.json"):
            shutil.copyfile(record, target / "records" / record.name)


def own_numbers(app: Sphinx, config: Config) -> None:
    """A figure has the number that its notebook gives it, whether or not the ones before it are drawn."""
    config.numfig = False


def setup(app: Sphinx) -> dict[str, bool]:
    app.config.mathjax_path = f"mathjax/{MATHJAX}"
    app.config.mathjax3_config = {"loader": {"load": PARTS}}
    app.connect("config-inited", own_numbers, priority=900)  # after Jupyter Book has asked for others
    app.add_directive("drawn-figure", DrawnFigure)
    app.connect("build-finished", copy_mathjax)
    app.connect("build-finished", tidy_html)
    app.connect("build-finished", copy_files)
    app.connect("html-page-context", tidy_page, priority=900)  # after the theme has added its own
    return {"parallel_read_safe": True, "parallel_write_safe": True}
