"""The hardness recorder against loops over what it was shown."""

from statistics import fmean, pstdev

import pytest
import torch

import reference
from anatomy.errors import InputError
from anatomy.recorders import check_needs
from anatomy.recorders.hardness import Hardness
from anatomy.similarity import Against, unit
from anatomy.step import Method, StepOutput
from reference import array, assert_close


@pytest.fixture
def output(generator: torch.Generator) -> StepOutput:
    """5 anchors against 9 keys of a queue, float64."""
    anchor, key, keys = (unit(torch.randn(n, 3, generator=generator, dtype=torch.float64)) for n in (5, 5, 9))
    watch = {"positive": (anchor * key).sum(1), "negatives": Against(anchor, keys)}
    return StepOutput(torch.tensor(0.0), watch)


def test_mean_and_variation_against_loops(output: StepOutput) -> None:
    recorder = Hardness(temperatures=(0.1, 0.5))
    recorder.after_backward(30, output, Method())
    recorder.rows.fetch()
    table = recorder.rows.table()
    assert list(table) == ["step", "temperature", "mean", "cv"]
    assert (table["step"], table["temperature"]) == ([30.0, 30.0], [0.1, 0.5])
    negatives = array(output.watch["negatives"].anchor @ output.watch["negatives"].keys.T)
    for row, temperature in enumerate((0.1, 0.5)):
        w = reference.hardness(array(output.watch["positive"]), negatives, temperature).tolist()
        assert_close(table["mean"][row], fmean(w))
        assert_close(table["cv"][row], pstdev(w) / fmean(w))


def test_equal_anchors_do_not_vary() -> None:
    """By pencil: all similarities equal, K = 3: W = 3/4 for every anchor, variation 0."""
    ones = torch.ones(4, dtype=torch.float64)
    watch = {"positive": ones, "negatives": ones[:, None].expand(4, 3)}
    recorder = Hardness(temperatures=(0.1,))
    recorder.after_backward(0, StepOutput(ones.sum(), watch), Method())
    recorder.rows.fetch()
    assert recorder.rows.table()["mean"] == [pytest.approx(0.75, rel=1e-10)]
    assert recorder.rows.table()["cv"] == [pytest.approx(0, abs=1e-10)]


def test_two_anchors_by_hand() -> None:
    """T = 1, one negative of similarity 0, positives -log 3 and log 3: W = 3/4 and 1/4.

    Mean 1/2, population deviation 1/4, variation 1/2.
    """
    log3 = torch.tensor(3.0, dtype=torch.float64).log()
    zeros = torch.zeros(2, 1, dtype=torch.float64)
    watch = {"positive": torch.stack((-log3, log3)), "negatives": zeros}
    recorder = Hardness(temperatures=(1.0,))
    recorder.after_backward(0, StepOutput(log3, watch), Method())
    recorder.rows.fetch()
    assert recorder.rows.table()["mean"] == [pytest.approx(0.5, rel=1e-10)]
    assert recorder.rows.table()["cv"] == [pytest.approx(0.5, rel=1e-10)]


def test_rows_wait_on_the_device_and_are_fetched_in_order(output: StepOutput) -> None:
    recorder = Hardness(temperatures=(0.1,))
    for step in (0, 10):
        recorder.after_backward(step, output, Method())
    assert recorder.rows.table()["step"] == []
    recorder.rows.fetch()
    recorder.after_backward(20, output, Method())
    recorder.rows.fetch()
    recorder.rows.fetch()  # nothing new: nothing twice
    assert recorder.rows.table()["step"] == [0.0, 10.0, 20.0]


def test_what_it_needs(output: StepOutput) -> None:
    recorders = {"hardness": Hardness()}
    check_needs(recorders, output, "moco")
    bare = StepOutput(output.loss, {"z_1": torch.zeros(1, 1)})
    with pytest.raises(InputError, match="'hardness' needs positive, negatives.*'simsiam'.*z_1"):
        check_needs(recorders, bare, "simsiam")
    with pytest.raises(InputError, match="nothing to watch"):
        check_needs(recorders, StepOutput(output.loss), "simsiam")
