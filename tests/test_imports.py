"""Who may import whom: one way, from the formula to the page. The graph is read with ast.

    similarity, losses, norms, transforms <- methods <- training <- scheduling <- study <- pages, cli
    studies know runs; analysis, figures and claims see tables: no methods, no training,
    no torch; recorders see what a step gives, similarities and losses.

What stands inside a function is imported late, but imported: it counts, except for torch, which a
module that must answer at once may import where it is needed.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "src" / "anatomy"
Graph = dict[str, set[str]]

# Seen by everybody: they import nothing of ours, or only each other.
COMMON = {"errors", "quantities", "paths", "settings"}
MATHEMATICS = {"similarity", "decomposition"}
# Every room (a folder, or a module of the root) and what it may import from: rooms, or single modules of them.
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "quantities": set(),
    "settings": set(),
    "paths": {"errors"},
    "phase_plan": set(),
    "signals": set(),
    "streaming": {"hardware.product"},
    "memory_order": set(),
    "made_when_read": set(),
    "chapters": set(),
    "similarity": COMMON | {"streaming"},
    "decomposition": COMMON | {"similarity"},
    "hardware": COMMON,
    "data": COMMON,
    "runs": COMMON,
    "losses": COMMON | {"similarity"},
    "norms": COMMON | {"memory_order"},
    "transforms": COMMON | {"similarity", "hardware.device"},
    "attacks": COMMON | {"hardware.device"},
    "networks": COMMON | {"memory_order", "norms", "similarity"},
    "augmentation": COMMON | {"hardware.device"},
    "step": COMMON | {"networks", "similarity"},
    "siamese_base": COMMON | MATHEMATICS | {"networks", "step"},
    "methods": COMMON
    | MATHEMATICS
    | {"attacks", "losses", "norms", "transforms", "networks", "step", "siamese_base", "phase_plan"},
    "recorders": COMMON | MATHEMATICS | {"attacks", "losses", "step", "hardware.device"},
    "measures": COMMON
    | MATHEMATICS
    | {"attacks", "losses", "transforms", "networks", "augmentation", "data", "hardware.product", "hardware.device"},
    "storage": COMMON | {"runs", "hardware", "made_when_read"},
    "training": COMMON
    | {"augmentation", "data", "hardware", "measures", "networks", "recorders", "runs", "step", "storage"},
    "scheduling": COMMON | {"data", "hardware", "networks", "norms", "runs", "storage", "training"},
    "studies": COMMON | {"runs", "phase_plan"},
    "analysis": COMMON | {"phase_plan", "hardware.processors"},
    "figures": COMMON | {"analysis"},
    "verdicts": COMMON | {"hardware.processors", "made_when_read"},
    "arms": COMMON | {"analysis", "verdicts"},
    "readings": COMMON | {"verdicts"},
    "claims": COMMON | {"analysis", "arms", "verdicts", "chapters"},
    "cluster": COMMON | {"data", "hardware", "runs", "scheduling", "storage"},
    "study": COMMON | {"claims", "cluster", "data", "hardware", "runs", "scheduling", "storage", "studies", "verdicts"},
    "pages": COMMON
    | {"analysis", "chapters", "claims", "figures", "hardware", "scheduling", "storage", "study", "verdicts"},
    "notebook": COMMON | {"pages", "study"},
    "cli": COMMON
    | {
        "chapters",
        "claims",
        "cluster",
        "data",
        "hardware",
        "pages",
        "runs",
        "scheduling",
        "storage",
        "studies",
        "study",
        "verdicts",
    }
    | {"signals", "verdicts"},
    "__main__": {"cli", "signals"},
}
# Nobody of the left may be imported by the right, at any distance: the arrows run one way.
ABOVE = {"scheduling", "cluster", "study", "pages", "notebook", "cli"}
ARROWS = [
    ({"methods", "training"} | ABOVE, MATHEMATICS | {"attacks", "losses", "norms", "transforms"}),
    ({"training"} | ABOVE, {"methods", "recorders", "measures"}),
    (ABOVE, {"training"}),
    ({"methods", "training"}, {"studies", "analysis", "figures", "claims", "arms", "verdicts"}),
    (
        {"figures", "claims", "arms", "verdicts", "studies"},
        {"training", "methods", "losses", "measures", "recorders"},
    ),
]
# These answer at once, and a page is rendered from records without it: torch only inside a function.
WITHOUT_TORCH = {
    *COMMON,
    *("chapters", "phase_plan", "signals", "notebook"),
    *("runs", "data", "storage", "scheduling", "study", "pages", "cli", "cluster"),
    *("studies", "claims", "arms", "verdicts", "readings", "figures", "analysis"),
    *("hardware.machine", "hardware.precision", "hardware.processors", "training.replay"),
}
# Edges that are there today: were the reading of imports broken, these would be missed.
KNOWN = {
    ("losses.info_nce", "losses.decoupled"),
    ("losses.decoupled", "similarity"),
    ("methods.moco", "similarity"),
    ("methods.simco", "methods.moco"),
    ("recorders.hardness", "losses.decoupled"),
    ("recorders.scores", "step"),
    ("measures.hardness_grid", "losses.decoupled"),
    ("networks.layers", "norms"),
    ("claims.normalization.c01_group_norm_band_is_higher", "analysis.bands"),
    ("training.train", "runs.config"),
    ("training.train", "training.network"),
    ("training.train", "augmentation.views"),
    ("runs.config", "runs.parts"),
    ("storage.record", "runs.config"),
    ("studies.dictionary_size", "runs.config"),
    ("hardware.machine", "torch"),  # inside a function
    ("similarity", "torch"),
}


def modules() -> dict[str, Path]:
    """Every module by its name without `anatomy.`; a folder's __init__ bears the folder's name."""
    found = {}
    for file in ROOT.rglob("*.py"):
        parts = file.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


MODULES = modules()


def imported(name: str, late: bool = True) -> set[str]:
    """What a module imports: our modules by their short name, others by their package's."""
    text = MODULES[name].read_text(encoding="utf-8")
    return imports_of(text, name, late, package=MODULES[name].name == "__init__.py")


def imports_of(text: str, name: str, late: bool = True, package: bool = False) -> set[str]:
    found: set[str] = set()
    for node in walk(ast.parse(text), late):
        if isinstance(node, ast.Import):
            found |= {ours(alias.name) for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            above = ["anatomy", *filter(None, name.split("."))]
            above = above[: len(above) - node.level + package] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            found |= {ours(base, alias.name) for alias in node.names}
    return found - {name}


def ours(module: str, member: str = "") -> str:
    """`anatomy.losses` and `decoupled` -> losses.decoupled; `torch.nn` -> torch."""
    head, _, rest = module.partition(".")
    if head != "anatomy":
        return head
    inner = f"{rest}.{member}".strip(".")
    return inner if inner in MODULES else rest


def walk(tree: ast.AST, late: bool) -> Iterator[ast.AST]:
    """All nodes; without `late` not what stands in a function or under `if TYPE_CHECKING`."""
    for node in ast.iter_child_nodes(tree):
        yield node
        checked_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if late or not (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or checked_only):
            yield from walk(node, late)


GRAPH: Graph = {name: imported(name) for name in MODULES}
AT_ONCE: Graph = {name: imported(name, late=False) for name in MODULES}


def room(name: str) -> str:
    return name.partition(".")[0]


def among(name: str, listed: set[str]) -> bool:
    """Whether a module is listed, or its room."""
    return name in listed or room(name) in listed


def broken_rules(graph: Graph) -> list[str]:
    """Direct imports that ALLOWED does not list."""
    return [
        f"{name} imports {other}"
        for name, others in sorted(graph.items())
        if name  # the package itself
        for other in sorted(others)
        if other in graph and not among(other, ALLOWED.get(room(name), set()) | {room(name)})
    ]


def reached(graph: Graph, start: str) -> set[str]:
    """Everything that importing a module imports, with the packages that its names lie in."""
    seen: set[str] = set()
    waiting = {start}
    while waiting:
        seen |= waiting
        parents = {name.rpartition(".")[0] for name in waiting if name in graph} - {""}
        waiting = {other for name in waiting for other in graph.get(name, ())} | parents
        waiting -= seen
    return seen - {start}


def wrong_ways(graph: Graph) -> list[str]:
    """Imports at any distance against the arrows."""
    return [
        f"{name} reaches {other}"
        for above, below in ARROWS
        for name in sorted(graph)
        if room(name) in below
        for other in sorted(reached(graph, name))
        if other in graph and room(other) in above
    ]


def reaches_torch(graph: Graph) -> list[str]:
    """Modules that must not import torch and do; data.image_set is what its name says, a tensor."""
    bound = [name for name in sorted(graph) if among(name, WITHOUT_TORCH)]
    return [n for n in bound if n != "data.image_set" and "torch" in reached(graph, n)]


# --- the rules hold


def test_no_direct_import_breaks_the_rules() -> None:
    assert broken_rules(GRAPH) == []


def test_no_import_runs_against_the_arrows() -> None:
    assert wrong_ways(GRAPH) == []


def test_what_answers_at_once_does_not_import_torch() -> None:
    assert reaches_torch(AT_ONCE) == []


def needs_dask(graph: Graph, late: Graph) -> list[str]:
    """Modules that import Dask at once, and those outside of the room `cluster` that import it at all."""
    dask = {"dask", "distributed", "dask_jobqueue", "asyncssh"}
    return [n for n in sorted(graph) if dask & reached(graph, n) or (room(n) != "cluster" and dask & late[n])]


def test_only_the_room_of_clusters_knows_dask_and_only_inside_functions() -> None:
    assert needs_dask(AT_ONCE, GRAPH) == []
    assert "distributed" in GRAPH["cluster.engine"]
    assert needs_dask(AT_ONCE | {"cluster.address": {"distributed"}}, GRAPH)
    assert needs_dask(AT_ONCE, GRAPH | {"scheduling.sweep": {"dask"}}) == ["scheduling.sweep"]


def rooms(graph: Graph) -> Graph:
    """The graph between rooms."""
    found: Graph = {room(name): set() for name in graph}
    for name, others in graph.items():
        found[room(name)] |= {room(other) for other in others & graph.keys()} - {room(name)}
    return found


def test_there_is_no_circle() -> None:
    """Two rooms that need each other would be one."""
    order = list(TopologicalSorter(rooms(GRAPH)).static_order())
    assert order.index("similarity") < order.index("losses") < order.index("methods")
    planted = GRAPH | {"storage.store": {"study.plan"}}
    with pytest.raises(CycleError):
        TopologicalSorter(rooms(planted)).prepare()


def ours_only(graph: Graph) -> Graph:
    return {name: others & graph.keys() for name, others in graph.items()}


def test_there_is_no_circle_within_a_room() -> None:
    TopologicalSorter(ours_only(GRAPH)).prepare()
    with pytest.raises(CycleError):
        TopologicalSorter(ours_only(GRAPH | {"runs.parts": {"runs.config"}})).prepare()


# --- and could fail


def test_known_edges_are_seen() -> None:
    edges = {(name, other) for name, others in GRAPH.items() for other in others}
    assert edges >= KNOWN
    assert len(MODULES) >= 40


def test_every_room_is_under_the_law() -> None:
    assert set(ALLOWED) == {room(name) for name in MODULES if name}


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("losses.info_nce", "methods.moco"),
        ("similarity", "losses.decoupled"),
        ("norms.group_plus", "training.train"),
        ("norms.group", "networks.layers"),
        ("methods.moco", "training.train"),
        ("recorders.hardness", "methods.moco"),
        ("recorders.scores", "training.train"),
        ("studies.dictionary_size", "training.train"),
        ("studies.dictionary_size", "storage.store"),
        ("figures.hardness", "training.train"),
        ("verdicts.criteria", "methods.moco"),
        ("analysis.over_seeds", "losses.info_nce"),
        ("runs.config", "training.train"),
    ],
)
def test_a_forbidden_edge_would_be_seen(name: str, other: str) -> None:
    assert name in GRAPH
    assert other in GRAPH
    planted = GRAPH | {name: GRAPH[name] | {other}}
    assert f"{name} imports {other}" in broken_rules(planted)


def test_a_forbidden_way_round_would_be_seen() -> None:
    planted = GRAPH | {"errors": {"training.train"}}
    assert "losses.info_nce reaches training.train" in wrong_ways(planted)


def test_torch_behind_a_table_would_be_seen() -> None:
    planted = AT_ONCE | {"errors": {"torch"}}
    assert {"runs.config", "verdicts.criteria", "studies.dictionary_size"} <= set(reaches_torch(planted))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import anatomy.training.train", {"training.train"}),
        ("from anatomy.training import train as t", {"training.train"}),
        ("from anatomy.losses.info_nce import info_nce", {"losses.info_nce"}),
        ("from anatomy.losses import info_nce", {"losses.info_nce"}),
        ("from . import moco", {"methods.moco"}),
        ("from .moco import MoCo", {"methods.moco"}),
        ("from ..training.train import fit", {"training.train"}),
        ("def f():\n    import torch.nn", {"torch"}),
        ("try:\n    import numpy as np\nexcept ImportError: ...", {"numpy"}),
        ("class A:\n    from anatomy import step", {"step"}),
    ],
)
def test_imports_are_read_in_every_form(text: str, expected: set[str]) -> None:
    assert imports_of(text, "methods.simco") == expected


def test_late_imports_do_not_count_at_once() -> None:
    text = "def f():\n    import torch\nif TYPE_CHECKING:\n    import numpy\nimport json"
    assert imports_of(text, "cli", late=False) == {"json"}


def test_python_itself_finds_no_torch() -> None:
    """What ast read, run: all modules that must do without torch, in one fresh process."""
    bound = [n for n in sorted(MODULES) if among(n, WITHOUT_TORCH) and n != "data.image_set"]
    code = f"import importlib, sys\nfor n in {bound}: importlib.import_module('anatomy.' + n)\n"
    code += "print('torch' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT.parent), "PATH": "", "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
    )
    assert (said.returncode, said.stdout.strip()) == (0, "False"), said.stderr
