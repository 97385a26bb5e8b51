"""Arms: the runs that they make, and that they name the claims that read these runs."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from anatomy import claims, studies
from anatomy.runs.arm import Arm, ids, on, runs_of, seeds_of
from anatomy.runs.config import Run
from anatomy.storage.record import Record, Table, published, run_of
from anatomy.storage.tables import FLOOR, tables_of
from anatomy.study import presets
from anatomy.study.request import PUBLISHED, Request
from anatomy.verdicts import Claim, Tables, Verdict, judge

KEYS = json.loads(Path(__file__).with_name("keys.json").read_text())
SEEDS = (0, 1, 2)
MADE = {"seconds": 1.0, "device": "cpu", "cpu": "AMD EPYC", "precision": "fp32"}
# What no published run of the preset laptop measured, as a run would write it down.
ELSEWHERE: dict[str, Table] = {
    "linear_probe": {"accuracy": [50.0]},
    "alignment_uniformity": {"alignment": [0.3], "uniformity": [-2.0]},
    "loss_map": {"of": ["hard negatives"], "at": [0.1], "drawn": [0.9]},
    "family_identities": {
        "identity": [
            "InfoNCE is W times DCL",
            "dual temperature, equal weights, is K / (K + 1) times DCL",
            "CACR, one positive, detached, is 2 T times DCL",
            "hard negatives, beta = 0, are InfoNCE",
        ],
        "temperature": [0.1] * 4,
        "error": [1e-15] * 4,
    },
    "positive_weights": {"tau": [1.0, 4.0], "entropy": [0.98, 0.8], "farthest": [1.2, 2.0]},
    "loss_costs": {"loss": ["network"], "milliseconds": [9.0], "anchors": [256]},
    "on_sphere": {"step": [0.0, 10.0], "alignment": [0.2, 0.3], "uniformity": [-0.1, -2.0]},
    "temperatures": {
        "step": [0.0, 0.0, 10.0, 10.0],
        "head": [0.0, 1.0, 0.0, 1.0],
        "mean": [1.0, 1.0, 1e-4, 1.0],
        "lowest": [0.9, 0.9, 1e-5, 0.9],
        "highest": [1.1, 1.1, 2e-4, 1.1],
        "with_positive": [0.0, 0.0, -0.4, -0.2],
    },
    "robust_accuracy": {"attack": ["clean", "FGSM", "PGD", "APGD"], "accuracy": [60.0, 40.0, 30.0, 29.0]},
    "robustness": {
        "step": [0.0, 20.0, 40.0],
        "fgsm": [30.0, 45.0, 90.0],
        "pgd": [28.0, 40.0, 0.0],
        "alignment": [0.9, 0.8, 0.2],
        "abnormal": [0.0, 0.1, 0.4],
    },
    "local_linearity": {"alignment": [0.9], "agreement": [0.9], "abnormal": [0.1]},
    "class_ranks": {
        "objective": ["CE", "CE", "RCE", "RCE"],
        "steps": [1, 20, 1, 20],
        "rank": [2.0, 4.0, 3.0, 8.0],
        "top_1": [0.9, 1.0, 0.8, 1.0],
        "top_5": [0.1, 0.2, 0.2, 0.9],
    },
    "probe_under_attack": {
        "of": ["own", "own", "other", "other"],
        "readout": ["linear probe", "kNN"] * 2,
        "clean": [50.0, 45.0, 60.0, 55.0],
        "attacked": [40.0, 35.0, 10.0, 5.0],
    },
    "defense_costs": {"defense": ["none", "FGSM", "NoiseAug", "GradAlign"], "milliseconds": [5.0, 10.0, 10.1, 25.0]},
    "attack_identities": {
        "identity": ["NoiseAug is N-FGSM", "the gradient of relative cross-entropy is 1/K - e_y"],
        "error": [0.0, 1e-16],
    },
}
LONGER = 100  # by so much: some published runs end before a rule's least or late steps


# --- the runs that arms make


def digest(runs: Iterable[Run]) -> str:
    return hashlib.sha256(" ".join(run.key("data") for run in runs).encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", KEYS)
def test_a_study_asks_for_the_runs_that_it_asked_for(name: str) -> None:
    """Keys and their order, at the presets as they were when arms became data; a new arm is a new digest here."""
    chapter, preset = name.split()
    kept, seeds = KEYS[name], (0,) if preset == "smoke" else SEEDS
    study, full = studies.load(chapter), presets.load(preset).full
    assert digest(runs_of(study.arms(kept["base"], full=full), seeds)) == kept["paper"]
    floors = study.floors(kept["base"], seeds=seeds, full=full) if preset != "smoke" else []
    assert digest(floors) == kept["floor"]


def test_an_arm_has_all_seeds_or_as_many_as_are_needed_or_one() -> None:
    seeds, arm = (10, 11, 12, 13), Arm({"method": "naive", "epochs": 1})
    assert seeds_of(arm, seeds) == seeds
    assert seeds_of(arm, seeds, lambda arm: 3) == (10, 11, 12)
    assert seeds_of(Arm({}, once=True), seeds, lambda arm: 3) == (10,)
    runs = runs_of([arm | {"epochs": 2}, arm], seeds, lambda arm: arm.settings["epochs"])
    assert [(run.epochs, run.seed) for run in runs] == [(2, 10), (2, 11), (1, 10)]


def test_an_arm_on_a_base_keeps_its_claims() -> None:
    (arm,) = on({"epochs": 1, "size": 8}, [Arm({"size": 16}, ids("mixing", 1, 3))])
    assert (arm.settings, arm.claims) == ({"epochs": 1, "size": 16}, ("mixing-1", "mixing-3"))


# --- the claims that read them


@cache
def donors() -> dict[tuple[str, str], tuple[Run, Table]]:
    """Of each recorder and measure a published run of a method with rows, and the table."""
    found: dict[tuple[str, str], tuple[Run, Table]] = {}
    for record in published(PUBLISHED).values():
        run = run_of(record)
        for part in (*run.recorders, *run.measures):
            table = record["tables"].get(part.name, {})
            if any(map(len, table.values())):
                found.setdefault((part.name, run.method.name), (run, table))
    return found


def planted(run: Run) -> Record:
    """A record as the run would leave it, with numbers of another run."""
    names = [part.name for part in (*run.recorders, *run.measures)]
    tables = {name: found for name in names if (found := table(name, run))}
    return {"run": run.content(), "tables": tables, "provenance": MADE}


def table(name: str, run: Run) -> Table:
    """A donor's, of the same method if there is one; its batch is the run's, and no two learning rates are equal."""
    if name in ELSEWHERE:
        return ELSEWHERE[name]
    if name == "transferred_ranks":  # of attacks by another network, whose key it says
        return ELSEWHERE["class_ranks"] | {"on": ["target"] * 4, "target": [*run.others] * 4}
    known = {method: found for (of, method), found in donors().items() if of == name}
    if not known:
        return {}
    donor, columns = known.get(run.method.name) or next(iter(known.values()))
    found = dict(columns)
    if name == "geometry":
        found["images"] = [run.batch_size if n == donor.batch_size else n for n in columns["images"]]
    if name == "gradients":
        found |= {column: [(1 + run.learning_rate) * x for x in columns[column]] for column in ("loss", "change")}
        found["step"] = [LONGER * step for step in columns["step"]]
    if name == "collapse":
        found["steps"] = [LONGER * steps for steps in columns["steps"]]
    return found


class Without(dict[str, pd.DataFrame]):
    """Tables without the rows of some runs, made as they are read."""

    def __init__(self, tables: Tables, gone: set[str]) -> None:
        super().__init__(tables)
        self.gone, self.read = gone, dict[str, pd.DataFrame]()

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.read:
            table = super().__getitem__(name)
            self.read[name] = table[~table["key"].isin(self.gone)]
        return self.read[name]


class Planted:
    """A chapter's runs at overnight with planted records; which arm each is of."""

    def __init__(self, chapter: str, dataset: str = "cifar10") -> None:
        base = Request.of(chapter, preset="overnight").base | {"dataset": dataset}
        self.arms = studies.load(chapter).arms(base, full=True)
        self.keys = [{run.key("") for run in runs_of([arm], SEEDS)} for arm in self.arms]
        runs, floors = runs_of(self.arms, SEEDS), studies.load(chapter).floors(base, seeds=SEEDS, full=True)
        best = runs_of([arm for arm in self.arms if arm.tuned], SEEDS)
        keys = {s: [run.key("") for run in of] for s, of in (("paper", runs), ("best", best), (FLOOR, floors))}
        self.floors = set(keys[FLOOR])
        self.tables = tables_of({run.key(""): planted(run) for run in (*runs, *floors)}, keys)

    def verdict(self, claim: Claim, without: Iterable[int] = ()) -> str:
        """All that a claim says where some arms were not run, as text: numbers that are none equal each other."""
        verdict = self.judged(claim, without)
        return repr((sorted(verdict.keys), replace(verdict, keys=frozenset())))

    def judged(self, claim: Claim, without: Iterable[int] = ()) -> Verdict:
        gone = {key for place in without for key in self.keys[place]}
        verdict = judge(claim, Without(self.tables, gone), "overnight")
        return replace(verdict, parts={name: replace(part, keys=frozenset()) for name, part in verdict.parts.items()})


@cache
def planted_study(chapter: str, dataset: str) -> Planted:
    return Planted(chapter, dataset)


def planted_for(id: str) -> Planted:
    chapter = next(chapter for chapter in studies.names() if id in claims.ids(chapter))
    return planted_study(chapter, "svhn" if id == "normalization-7" else "cifar10")


@pytest.mark.slow
@pytest.mark.parametrize("id", claims.ids())
def test_a_claim_reads_the_arms_that_name_it_and_no_others(id: str) -> None:
    study, claim = planted_for(id), claims.load(id)
    of = [place for place, arm in enumerate(study.arms) if id in arm.claims]
    judged, whole = study.judged(claim), study.verdict(claim)
    assert judged.word != "not run", judged.note
    assert set(judged.keys) <= study.floors.union(*(study.keys[place] for place in of))
    assert study.verdict(claim, set(range(len(study.arms))) - set(of)) == whole
    for place in of:
        assert study.verdict(claim, [place]) != whole, study.arms[place]


def test_arms_name_claims_of_their_chapter() -> None:
    for chapter in studies.names():
        for preset in presets.PRESETS:
            named = {id for arm in Request.of(chapter, preset=preset).arms() for id in arm.claims}
            assert named <= set(claims.ids(chapter)), (chapter, preset)
