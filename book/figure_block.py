"""A figure on a page: the picture for a wide and for a narrow screen, and under it where each of its numbers is from.

Pictures and tables lie beside the page, each under its figure's name; `bookext` copies them, and the records of the
runs, to where the links of a page lead.
"""

import re
import shlex
from collections.abc import Sequence
from typing import Any

from anatomy.data.torchvision_sets import SETS
from anatomy.pages.redrawn import Drawing
from anatomy.study.evidence import Evidence
from markup import div
from parameters_cell import Parameter, differs
from provenance import duration, phrases

FROM_FORMULA = "Drawn from the formula in the cell above; no run is behind it."
COMPUTED = "Your browser computes it from the formulas; no run is behind it."
NUMBERED = '<span class="figure-number">Figure {number}.</span> '


def figure_block(drawing: Drawing, caption: str) -> str:
    """The figure in MyST, by the directive of `bookext`."""
    of, folder = drawing.of, f"figures/{drawing.of.chapter}"
    sizes = (size(drawing.files[suffix]) for suffix in (".svg", "-phone.svg"))
    options = {"name": of.name, "number": of.number, "alt": drawing.alt, "sizes": " ".join(sizes)}
    listed = "\n".join(f":{name}: {value}" for name, value in options.items())
    return f"```{{drawn-figure}} {folder}/{of.name}\n{listed}\n\n{caption}\n```"


def size(svg: bytes) -> str:
    """`701x300`, CSS pixels, of the points that an SVG says."""
    found = [re.search(rb"<svg[^>]* " + side + rb'="([\d.]+)pt"', svg) for side in (b"width", b"height")]
    return "x".join(f"{float(points[1]) * 4 / 3:.0f}" for points in found if points)


def numbered(explorer: str, number: str) -> str:
    """An explorer's HTML, its caption begun by its number."""
    return re.sub(r"<figcaption>\s*", lambda found: f"{found[0]}{NUMBERED.format(number=number)}", explorer, count=1)


# --- where it is from


def origin(drawing: Drawing, evidence: Evidence | None, parameters: Sequence[Parameter], given: dict[str, Any]) -> str:
    """One quiet line with the figure's own runs and its files; folded, the records of these runs and the commands."""
    files = file_links(drawing)
    if evidence is None:
        return div("provenance", f"{FROM_FORMULA} {files}")
    line = " · ".join(phrases(evidence.provenance(drawing.keys)))
    runs = " ".join(f'<a href="../records/{key}.json">{key}</a>' for key in drawing.keys)
    again = again_words(drawing, evidence, parameters, given)
    count = f"{len(drawing.keys)} run{'s' * (len(drawing.keys) != 1)}"
    return (
        f"{div('provenance', f'{line} · {files}')}\n\n"
        f"::::{{dropdown}} The {count} behind figure {drawing.of.number}, and how to make it again\n"
        f":class-container: remake\n\nRecords of the runs: {runs}\n\n{again}\n::::"
    )


def file_links(drawing: Drawing) -> str:
    """Its numbers and its picture, to take along."""
    place = f"figures/{drawing.of.chapter}/{drawing.of.name}"
    there = [(name, f"{place}.{name.lower()}") for name in ("CSV", "SVG", "PNG") if f".{name.lower()}" in drawing.files]
    return " ".join(f'<a href="{file}" download>{name}</a>' for name, file in there)


def again_words(drawing: Drawing, evidence: Evidence, parameters: Sequence[Parameter], given: dict[str, Any]) -> str:
    """Drawn again from records in seconds; its runs trained again; the whole page with other parameters."""
    request, of = evidence.request, drawing.of
    seconds = float(str(evidence.provenance(drawing.keys)["seconds"]))
    data = [] if request.dataset == "shapes" else ["--data-root", "FOLDER"]
    draw = ["anatomy", "figure", of.number, "--csv", f"{of.name}.csv", "--svg", f"{of.name}.svg"]
    train = ["anatomy", "figure", of.number, "--retrain", "--store", "again", *data]
    if request.trains:  # the runs of this reader, not the published ones
        draw += shown_parameters(parameters, given)
        train = ["anatomy", "study", of.chapter, *shown_parameters(parameters, given), "--store", "again"]
    page = ["papermill", f"notebooks/{of.chapter}.ipynb", f"{of.chapter}_again.ipynb"]
    page += [word for each in parameters if differs(each, given) or each.name == "preset"
             for word in ("-p", each.name, str(given.get(each.name, each.default)))]  # fmt: skip
    cost = f"{duration(seconds)} for those of this figure"
    what = "its runs" if not request.trains else "the runs of the study"
    return "\n\n".join(
        [
            f"From the records, in seconds:\n\n{fenced(draw)}",
            f"Trained again, {what} ({cost}; {download(request.dataset)}):\n\n{fenced(train)}",
            f"The page, with other parameters:\n\n{fenced(page)}",
        ]
    )


def shown_parameters(parameters: Sequence[Parameter], given: dict[str, Any]) -> list[str]:
    """As `anatomy` takes them: those that are not the default, and the preset."""
    asked = {each.name: given.get(each.name, each.default) for each in parameters if differs(each, given)}
    asked.setdefault("preset", next(each.default for each in parameters if each.name == "preset"))
    return [word for name, value in asked.items() for word in (f"--{name.replace('_', '-')}", str(value))]


def download(dataset: str) -> str:
    """What of the data is fetched."""
    if dataset == "shapes":
        return "its images are drawn on the spot"
    return f"{dataset}, {SETS[dataset].megabytes} MB if it is not there" if dataset in SETS else f"your own {dataset}"


def fenced(words: Sequence[str]) -> str:
    return f"```bash\n{shlex.join(words)}\n```"
