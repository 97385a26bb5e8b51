"""Tables of chapter six's second half as real runs would leave them: encoders, students, attacks carried over."""

import pandas as pd

from anatomy.runs.config import Run

SEEDS, NOISE = (0, 1, 2), (0.1, -0.1, 0.05)
TEACHERS = {
    "simco": {"method": "simco", "temperature": 0.1},
    "simsiam": {"method": "simsiam"},
    "mocov2": {"method": "mocov2", "temperature": 0.1},
}
# Clean and attacked accuracy of a student, by its teacher and what is special about it; then of its teacher.
STUDENTS = {
    "simco": (60.0, 40.0), "simsiam": (58.0, 38.0), "mocov2": (59.0, 39.0), "simco gamma=1": (65.0, 36.0),
    "simco gamma=4": (55.0, 42.0), "simco strong": (61.0, 40.2),
}  # fmt: skip
SPECIAL = {"": {}, "gamma=1": {"gamma": 1.0}, "gamma=4": {"gamma": 4.0}, "strong": {"views": "standard"}}
TAUGHT_BY = (70.0, 5.0)
# (rank, top_1) in the target by loss and steps.
CARRIED = {("CE", 1): (2.0, 0.5), ("CE", 20): (2.5, 0.45), ("RCE", 1): (2.2, 0.4), ("RCE", 20): (4.0, 0.42)}


Levels = tuple[float, float]


def run_tables(
    students: dict[str, Levels] | None = None,
    taught_by: Levels = TAUGHT_BY,
    carried: dict[tuple[str, int], Levels] | None = None,
) -> dict[str, pd.DataFrame]:
    """Tables runs, probe_under_attack and transferred_ranks."""
    teachers = [settings(Run.of(**given), f"{name}/{seed}", seed) for name, given in TEACHERS.items() for seed in SEEDS]
    ordinary = [settings(Run.of(method="supervised"), f"ordinary/{seed}", seed) for seed in SEEDS]
    known = STUDENTS | (students or {})
    return {
        "runs": pd.DataFrame(teachers + ordinary),
        "probe_under_attack": pd.DataFrame(
            [row for name, levels in known.items() for row in probed(name, *levels, taught_by)]
        ),
        "transferred_ranks": pd.DataFrame(
            [row for key, levels in (CARRIED | (carried or {})).items() for row in shown(*key, *levels)]
        ),
    }


def settings(run: Run, key: str, seed: int) -> dict[str, object]:
    return {**run.flat(), "seed": seed, "key": key, "stage": "paper"}


def probed(name: str, clean: float, attacked: float, taught_by: Levels) -> list[dict[str, object]]:
    """Rows of its probe and, absurd, of kNN. The teacher's column holds a key, which is no hexadecimal number here."""
    by, _, special = name.partition(" ")
    flat = Run.of(method="deacl", teacher="0" * 16, **{"views": "whole"} | SPECIAL[special]).flat()
    rows = []
    for seed, noise in zip(SEEDS, NOISE, strict=True):
        common = {**flat, "teacher": f"{by}/{seed}", "seed": seed, "key": f"student of {name}/{seed}", "stage": "paper"}
        levels = {"own": (clean, attacked), "other": taught_by}
        for of, (right, left) in levels.items():
            own = {"clean": right + 3 * seed + noise, "attacked": left + 2 * seed + noise * (of == "own")}
            rows += [common | {"of": of, "readout": "linear probe"} | own]
            rows += [common | {"of": of, "readout": "kNN", "clean": -99.0, "attacked": 999.0}]
    return rows


def shown(objective: str, steps: int, rank: float, top_1: float) -> list[dict[str, object]]:
    """Rows of the target and, absurd, of the surrogate."""
    flat = Run.of(method="supervised", backbone="vgg7").flat()
    rows = []
    for seed, noise in zip(SEEDS, NOISE, strict=True):
        common = {**flat, "seed": seed, "key": f"surrogate/{seed}", "objective": objective, "steps": steps}
        moved = noise / 50 * (objective == "RCE" or steps == 20)
        own = {"rank": rank + seed / 10 + moved, "top_1": top_1 + seed / 100 + moved / 50}
        rows += [common | own | {"on": "target", "target": f"ordinary/{seed}"}]
        rows += [common | {"on": "surrogate", "target": f"ordinary/{seed}", "rank": -9.0, "top_1": 9.0}]
    return rows
