"""Where the numbers are from that a cell says: the studies behind the names that it reads, and their runs.

A figure has runs of its own, and a sentence about a claim leads to the claim, whose runs the ledger has.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import nbformat

from anatomy.study.evidence import Evidence
from markup import div
from wording import DATA, again

STUDIES = {"open_study": 0, "with_every_arm": 1}  # what makes a study: the page's own, and the one with every arm
SAID = re.compile(r"^- \*([a-z]+-\d+)\.\*", re.MULTILINE)  # as `anatomy.readings.say` begins what it says of a claim
LINKED = re.compile(r"^- \{ref\}`([a-z]+-\d+) <", re.MULTILINE)  # and as a page begins it
CLAIM = re.compile(r"\b[a-z]+-\d+\b")
Places = frozenset[int]  # of studies


# --- what a cell rests on


def studies_read(cells: Iterable[nbformat.NotebookNode]) -> dict[str, Places]:
    """By the id of each code cell the studies on which rests what it shows.

    A name rests on all that the statement reads which gives it its value: rather one study too many than one too few.
    """
    known: dict[str, Places] = {}
    found = {}
    for cell in (cell for cell in cells if cell.cell_type == "code"):
        shown: Places = frozenset()
        for statement in ast.parse(cell.source).body:
            reads = _reads(statement, known)
            kept = known if not isinstance(statement, ast.Assign | ast.AnnAssign) else {}
            known |= {name: reads | kept.get(name, frozenset()) for name in _given(statement)}
            if any(isinstance(node, ast.Expr) for node in ast.walk(statement)):
                shown |= reads
        found[str(cell.get("id"))] = shown
    return found


def _reads(statement: ast.stmt, known: Mapping[str, Places]) -> Places:
    names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    called = names | {node.attr for node in ast.walk(statement) if isinstance(node, ast.Attribute)}
    made = frozenset(STUDIES[name] for name in called & STUDIES.keys())
    return made or frozenset().union(*(known.get(name, frozenset()) for name in names))


def _given(statement: ast.stmt) -> set[str]:
    """Names with another value after it; of `rows["arm"] = ...` it is `rows`."""
    nodes = list(ast.walk(statement))
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    changed = {node.value.id for node in nodes if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
               and isinstance(node.value, ast.Name)}  # fmt: skip
    return names | changed | {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


# --- what a page says of it


def lead_to_claims(cell: nbformat.NotebookNode) -> None:
    """What is said of a claim begins with a link to it."""
    for output in cell.get("outputs", []):
        if "text/markdown" in output.get("data", {}):
            output.data["text/markdown"] = SAID.sub(r"- {ref}`\1 <\1>`.", output.data["text/markdown"])


def from_runs(cell: nbformat.NotebookNode, places: Places, studies: Sequence[Evidence]) -> str:
    """One quiet line with the runs behind a cell's numbers; empty where it has none, or each has its own link."""
    text = "\n".join(words(cell))
    unlinked = [line for line in text.splitlines() if re.search(r"\d", line) and not LINKED.match(line)]
    if not unlinked or not places:
        return ""
    runs = " and ".join(
        _runs(studies[place], place) for place in apart(studies) if {*places} & {*alike(studies, place)}
    )
    of_claims = " Those of each claim: {doc}`ledger`." if any(CLAIM.match(line) for line in unlinked) else ""
    return div("provenance", f"From {runs}.{of_claims}")


def apart(studies: Sequence[Evidence]) -> list[int]:
    """The places of different ones: the page's own may be the one with every arm."""
    return [place for place in range(len(studies)) if alike(studies, place)[0] == place]


def alike(studies: Sequence[Evidence], place: int) -> list[int]:
    return [other for other, study in enumerate(studies) if study is studies[place]]


def words(cell: nbformat.NotebookNode) -> Iterator[str]:
    """What a cell prints and displays; of HTML each piece of text is a line."""
    for output in cell.get("outputs", []):
        shown = output.get("data", {})
        yield str(output.get("text") or shown.get("text/markdown") or shown.get("text/plain", ""))
        yield re.sub(r"<style.*?</style>|\s*<[^>]+>\s*", "\n", shown.get("text/html", ""), flags=re.DOTALL)


def _runs(study: Evidence, place: int) -> str:
    of = study.request
    earlier = " of an earlier recipe" * study.archived
    count = f'<a href="#runs-{place}">{len(study.found)} run{"s" * (len(study.found) != 1)}</a>'
    return f"{count}{earlier} at {of.preset.name} on {DATA.get(of.dataset, of.dataset)}"


def all_runs(chapter: str, studies: Sequence[Evidence]) -> str:
    """Folded, the records of each study's runs, to which the lines under cells lead."""
    return "\n\n".join(_folded(chapter, studies[place], place) for place in apart(studies))


def _folded(chapter: str, study: Evidence, place: int) -> str:
    of = study.request
    records = " ".join(f'<a href="../records/{key}.json">{key}</a>' for key in sorted(study.found))
    title = f"All {len(study.found)} runs of this page at {of.preset.name} on {DATA.get(of.dataset, of.dataset)}"
    command = f"Made again by `{again(chapter, of.preset.name, of.dataset)}`."
    return (
        f"::::{{dropdown}} {title}\n:class-container: remake\n\n"
        f'<span id="runs-{place}"></span>{command if not study.archived else "Of an earlier recipe."} '
        f"Records: {records}\n::::"
    )
