"""One objective after another: which, and when."""

import pytest
import torch

from anatomy.errors import InputError
from anatomy.runs import parts


def test_the_order_of_phases_and_their_return(tools) -> None:
    method = tools.build("phases", phases="simsiam 2, center 1, nothing 3", predictor_hidden=3)
    seen = []
    for step in range(8):
        seen.append(method.now())
        tools.train(method, tools.batch(6, seed=step))
    assert seen == ["simsiam"] * 2 + ["center"] + ["nothing"] * 3 + ["simsiam"] * 2


def test_the_step_is_part_of_the_state(tools) -> None:
    method = tools.build("phases", phases="simsiam 2, mirror 9", predictor_hidden=3)
    for step in range(2):
        tools.train(method, tools.batch(6, seed=step))
    other = tools.build("phases", phases="simsiam 2, mirror 9", predictor_hidden=3)
    other.load_state_dict(method.state_dict())
    assert other.now() == "mirror"
    assert method.step == other.step == 2  # a number of the processor's: `now` is asked at each step


def test_nothing_moves_nothing(tools) -> None:
    method = tools.build("phases", phases="nothing 5", predictor_hidden=3)
    before = [p.clone() for p in method.parameters()]
    tools.train(method, tools.batch(6))
    assert all(torch.equal(*pair) for pair in zip(before, method.parameters(), strict=True))


@pytest.mark.parametrize("text", ["", "center", "center 0", "center 5,residual 5", "sideways 4", "center 5; nothing 5"])
def test_a_plan_that_says_nothing_is_rejected(text: str) -> None:
    with pytest.raises(InputError, match="phases is"):
        parts.check("method", "phases", {"phases": text})
