"""The scores recorder against NumPy, for every form that negatives come in."""

import numpy as np
import pytest
import torch
from torch import Tensor

from anatomy.recorders.scores import Scores
from anatomy.similarity import Against, unit
from anatomy.step import Method, StepOutput
from reference import array, assert_close


@pytest.fixture
def embeddings(generator: torch.Generator) -> tuple[Tensor, ...]:
    return tuple(unit(torch.randn(n, 3, generator=generator, dtype=torch.float64)) for n in (5, 5, 9))


def recorded(positive: Tensor, negatives: object) -> dict[str, list[float]]:
    recorder = Scores()
    watch = {"positive": positive, "negatives": negatives}
    recorder.after_backward(7, StepOutput(positive.sum(), watch), Method())
    recorder.rows.fetch()
    return recorder.rows.table()


def test_means_and_deviations_against_numpy(embeddings) -> None:
    anchor, key, keys = embeddings
    positive, dense = (anchor * key).sum(1), anchor @ keys.T
    expected = {
        "step": 7,
        "positive": array(positive).mean(),
        "positive_sd": np.std(array(positive)),
        "negative": array(dense).mean(),
        "negative_sd": np.std(array(dense)),
    }
    forms = (dense, Against(anchor, keys), (dense[:, :4], Against(anchor, keys[4:])))
    for negatives in forms:
        table = recorded(positive, negatives)
        assert list(table) == list(expected)
        for name, value in expected.items():
            assert_close(table[name], [value])


def test_by_hand() -> None:
    """Positives 1 and 0: mean 1/2, deviation 1/2. Negatives 0.2, 0.4, 0.6, 0.8: 0.5, sqrt(0.05)."""
    double = torch.float64
    positive = torch.tensor([1, 0], dtype=double)
    negatives = torch.tensor([[0.2, 0.4], [0.6, 0.8]], dtype=double)
    found = [column[0] for column in recorded(positive, negatives).values()]
    assert_close(found, [7, 0.5, 0.5, 0.5, 0.05**0.5])


def test_excluded_keys_do_not_count(embeddings) -> None:
    anchor, _, keys = embeddings
    of_keys = torch.tensor([0, 1, 9, 9, 3, 3, 9, 9, 9])
    part = Against(anchor, keys, (torch.arange(5), of_keys))
    dense = anchor @ keys.T
    kept = torch.arange(5)[:, None] != of_keys
    for negatives, wanted in ((part, dense[kept]), ((part, dense), torch.cat((dense[kept], dense.flatten())))):
        table = recorded(dense[0], negatives)
        assert_close(table["negative"] + table["negative_sd"], [array(wanted).mean(), np.std(array(wanted))])


def test_what_is_no_number_is_not_taken_for_an_excluded_key(embeddings) -> None:
    anchor, _, keys = embeddings
    dense = anchor @ keys.T
    dense[0, 0] = torch.nan
    assert np.isnan(recorded(dense[0], dense)["negative"][0])
