"""InfoNCE's parts on planted embeddings: rows, alignments that are algebra, and what a foreign center does."""

import pandas as pd
import pytest
import torch

import reference
from anatomy import decomposition
from anatomy.measures.gradient_parts import COLUMNS, at, gradient_parts
from anatomy.similarity import unit
from reference import array, assert_close


@pytest.fixture
def table(planted) -> pd.DataFrame:
    return pd.DataFrame(gradient_parts(planted(1, 60), temperatures=(0.05, 1.0, 100.0), shares=(0.0, 1.0)))


def test_one_row_for_each_point(table: pd.DataFrame) -> None:
    assert list(table) == COLUMNS
    assert len(table) == len(table.drop_duplicates(["whitened", "center_of", "at"])) == 2 * 2 * 3
    assert set(table["center_of"]) == {"this batch", "other images"}


def test_the_center_is_one_number_at_every_temperature_and_never_aligned(table: pd.DataFrame) -> None:
    assert (table.groupby(["whitened", "center_of"])["center_length"].nunique() == 1).all()
    assert (table["center_alignment"].abs() < 1e-12).all()


def test_the_residual_fades_like_one_over_the_temperature(table: pd.DataFrame) -> None:
    own = table[(table["center_of"] == "this batch") & (table["whitened"] == 0)].set_index("at")["residual_length"]
    assert own[100.0] / own[1.0] == pytest.approx(0.01, rel=0.05)


def test_against_loops(planted) -> None:
    trained = planted(1, 20)
    found = gradient_parts(trained, temperatures=(0.3,), shares=(0.0,))
    z_1, z_2 = (array(unit(trained.encoder.asked[f"parts {view}"].double())) for view in (1, 2))
    anchors, keys = z_1[:10], z_2[:10]
    r_e = reference.info_nce_extra(anchors, keys, 0.3) + reference.center_of(keys)
    c = reference.covariance(anchors)
    for i in range(len(c)):
        c[i][i] = 0
    force = -(anchors - reference.center_of(anchors)) @ c
    assert found["center_of"] == ["this batch", "other images"]
    assert found["center_length"][0] == pytest.approx(reference.length(reference.center_of(keys)), rel=1e-6)
    assert found["residual_length"][0] == pytest.approx(sum(map(reference.length, r_e)) / 10, rel=1e-6)
    assert found["alignment"][0] == pytest.approx(reference.cosine(r_e.flatten(), force.flatten()), rel=1e-6)
    other = reference.info_nce_extra(anchors, keys, 0.3) + reference.center_of(z_2[10:])
    assert found["residual_length"][1] == pytest.approx(sum(map(reference.length, other)) / 10, rel=1e-6)


def test_whitening_acts_on_all_three_by_the_anchors_covariance(generator: torch.Generator) -> None:
    z_1, z_2 = (unit(torch.randn(40, 4, generator=generator, dtype=torch.float64) + 1) for _ in range(2))
    untouched = at(0.0, z_1, z_2, 20)
    assert_close(untouched[0], z_1[:20])
    assert_close(untouched[2], z_2[20:])
    anchors, keys, others = at(1.0, z_1, z_2, 20)
    for found, raw in ((anchors, z_1[:20]), (keys, z_2[:20]), (others, z_2[20:])):
        assert_close(found, decomposition.whitened(raw, z_1[:20], 1.0))
