"""A claim: what is said, by whom, and the rule that decides it, written before the runs.

One small file a claim, `<chapter>_<number>.py`, with one `CLAIM`; the file's name is the id.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from anatomy.claims.joint import agreed, all_parts, fixed_n, without_mechanism
from anatomy.claims.law import Exact, Kind, Verdict
from anatomy.errors import InputError, nearest

Tables = Mapping[str, pd.DataFrame]
Numbers = Callable[[Tables], Mapping[str, np.ndarray] | None]
SIZES = ["smoke", "laptop", "overnight", "gpu"]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """`paper`: the sentence, table or figure was seen; `code`: the authors'; `ours`: the rest.

    `values` gives, for each part, one number a seed (Threshold: one row); None, an empty part or
    a missing table or column means that the claim was not run. The primary quantity comes first.
    `kind` is one for all parts, or one by the part's name.
    `rows` are the rows of the runs that `values` judges: their `key` names these runs.
    `equal_passes` gives the same parts as `values`, compared at equal encoder passes.
    `mechanism` says whether what the claim works through is present in these runs.
    """

    module: str  # __name__ of the claim's file
    statement: str
    whose: Literal["paper", "code", "ours"]
    source: str
    kind: Kind | Mapping[str, Kind]
    quantity: str
    rule: str
    smallest: Literal["smoke", "laptop", "overnight", "gpu"]
    rows: Callable[[Tables], pd.DataFrame]
    values: Numbers
    equal_passes: Numbers | None = None
    mechanism: Callable[[Tables], bool] | None = None

    @property
    def id(self) -> str:
        """`dictionary-2` of dictionary_2.py."""
        return self.module.rpartition(".")[2].replace("_", "-")

    @property
    def statistical(self) -> bool:
        """Whether seeds decide it, and so chance may."""
        kinds = self.kind.values() if isinstance(self.kind, Mapping) else [self.kind]
        return not all(isinstance(kind, Exact) for kind in kinds)


def judge(claim: Claim, tables: Tables, preset: str, seeds: int | None = None) -> Verdict:
    """The claim on the tables of one preset, one data set and one network.

    `seeds`: the n that the preset fixed beforehand, where it is known.
    """
    if preset not in SIZES:
        raise InputError(f"no preset is called {preset!r}; {nearest(preset, SIZES)}")
    if SIZES.index(preset) < SIZES.index(claim.smallest):
        return Verdict("not run", note=f"needs the preset {claim.smallest} or a larger one")
    verdict = _parts(claim, claim.values, tables)
    if claim.equal_passes is not None:
        verdict = agreed(verdict, _parts(claim, claim.equal_passes, tables))
    if seeds is not None and claim.statistical:
        verdict = fixed_n(verdict, seeds)
    if claim.mechanism is None or verdict.word == "not run":
        return verdict
    try:
        return verdict if claim.mechanism(tables) else without_mechanism(verdict)
    except KeyError as missing:
        return without_mechanism(verdict, why=f"mechanism not measured: no {missing}")


def _parts(claim: Claim, values: Numbers, tables: Tables) -> Verdict:
    try:
        parts = values(tables)
    except KeyError as missing:
        return Verdict("not run", note=f"no {missing} in the tables")
    if not parts:
        return Verdict("not run")
    return all_parts({name: _part(claim, name, numbers) for name, numbers in parts.items()})


def _part(claim: Claim, name: str, numbers: np.ndarray) -> Verdict:
    if len(numbers) == 0:
        return Verdict("not run")
    kind = claim.kind[name] if isinstance(claim.kind, Mapping) else claim.kind
    return kind.judge(numbers)
