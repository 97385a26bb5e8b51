"""Names of arms, and phases by their plan."""

import pandas as pd
import pytest

from anatomy.analysis.phases import phases_of
from anatomy.analysis.siamese_arms import QUANTITIES, arm_name, long, named
from anatomy.recorders.geometry import BETWEEN, OF_P, OF_Z
from anatomy.runs.arm import runs_of
from anatomy.runs.config import Run
from anatomy.studies.vector_decomposition import arms
from anatomy.study import presets


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"method": "simsiam", "component": "both"}, "SimSiam"),
        ({"method": "simsiam", "component": "residual"}, "SimSiam, $r_e$ only"),
        ({"method": "triplet", "component": "center"}, "triplet, $o_e$ only"),
        ({"method": "simco", "temperature": 0.5, "component": float("nan")}, "InfoNCE, T = 0.5"),
        ({"method": "naive", "weight": 2 / 256, "temperature": 0.1}, "naive, step x 0.0078"),
        (
            {"method": "moving_average", "random_start": True, "one_view": True},
            "moving average, random start, one view pulled",
        ),
        ({"method": "byol", "online": "embedding"}, "BYOL, no predictor"),
        ({"method": "phases", "phases": "center 40", "final_norm": True}, "center 40, final BatchNorm"),
        ({"method": "phases", "phases": "covariance 9", "regularizer": 1000.0}, "covariance 9, x 1000"),
    ],
)
def test_names(settings: dict, name: str) -> None:
    assert arm_name(settings) == name


@pytest.mark.parametrize("preset", ["laptop", "overnight", "gpu"])
def test_two_arms_of_a_study_never_share_a_name(preset: str) -> None:
    size = presets.load(preset).of("vector_decomposition")
    flat = [run.flat() for run in runs_of(arms(size.run | {"dataset": "shapes"}, full=size.full), (0,))]
    found = named(pd.DataFrame(flat))
    assert found["arm"].is_unique
    assert len(found) == (34 if size.full else 19)


def test_a_table_without_a_dials_column_is_named_too() -> None:
    flat = Run.of(method="naive").flat()
    assert named(pd.DataFrame([flat]))["arm"].tolist() == ["naive"]


def test_phases_return_and_the_last_is_cut() -> None:
    found = phases_of("center 40, residual 30", 100)
    assert found["objective"].tolist() == ["center", "residual", "center"]
    assert found["start"].tolist() == [0, 40, 70]
    assert found["end"].tolist() == [40, 70, 100]
    assert found["whole"].tolist() == [True, True, False]


def test_long_has_one_number_a_row_and_leaves_out_what_is_absent() -> None:
    assert set(QUANTITIES) == {*OF_Z, *OF_P, *BETWEEN, "drift"}
    table = pd.DataFrame({"step": [0, 5], "images": [8, 8], "spread": [0.5, 0.6], "eta_p": [float("nan"), -0.4]})
    rows = long(table)
    assert list(rows["quantity"]) == ["spread", "spread", "eta_p"]
    assert list(rows["step"]) == [0, 5, 5]
    assert list(rows["value"]) == [0.5, 0.6, -0.4]
