"""One objective after another: which, when, and what the decorrelating ones do."""

from functools import partial

import pytest
import torch

from anatomy import parts
from anatomy.errors import InputError
from anatomy.losses.info_nce import info_nce

CENTER, RESIDUAL = "center", "residual"


def formula(tools, name: str):
    """The loss of one phase, spelled out; o_z is the mean over both views."""

    def loss(method, batch):
        z, p = tools.see(method, batch)
        o_z = torch.cat(z).mean(0)
        total = 0
        for a, b in ((0, 1), (1, 0)):
            total = (
                total
                + {
                    "simsiam": lambda a=a, b=b: tools.pulled(p[a], z[b]),
                    "naive": lambda a=a, b=b: tools.pulled(z[a], z[b]),
                    CENTER: lambda a=a: tools.pulled(z[a], o_z.expand(6, 4)),
                    RESIDUAL: lambda a=a: tools.pulled(z[a], z[a] - o_z),
                    "covariance": lambda a=a: 3 * reference_decorrelation(z[a]),
                    "correlation": lambda a=a: 3 * reference_decorrelation(z[a], True),
                }[name]()
                / 2
            )
        return total

    return loss


def reference_decorrelation(z, standardize: bool = False):
    """sum_{i != j} C_ij^2 / D by torch's own covariance and correlation."""
    c = torch.corrcoef(z.T) if standardize else torch.cov(z.T)
    return (c - c.diagonal().diag()).square().sum() / len(c)


@pytest.mark.parametrize("name", ["simsiam", "naive", CENTER, RESIDUAL, "covariance", "correlation"])
def test_loss_and_gradient_of_each_phase(tools, name: str) -> None:
    method = tools.build("phases", phases=f"{name} 5", predictor_hidden=3, regularizer=3.0)
    tools.assert_is(method, tools.batch(6), formula(tools, name))


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


def test_info_nce_is_simcos(tools) -> None:
    one = tools.build("phases", phases="info_nce 5", predictor_hidden=3)
    other = tools.build("simco", loss=partial(info_nce, temperature=0.1))
    assert one(tools.batch(6)).loss.item() == pytest.approx(other(tools.batch(6)).loss.item(), rel=1e-10)


@pytest.mark.parametrize("text", ["", "center", "center 0", "center 5,residual 5", "sideways 4", "center 5; nothing 5"])
def test_a_plan_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="phases is"):
        parts.check("method", "phases", {"phases": text})
