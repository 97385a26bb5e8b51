"""Where an option of its own takes a loss on the map of `loss_map`: at one temperature, on one frozen encoder.

Robinson et al. 2021, arXiv:2010.04592, for beta; Chuang et al. 2020, arXiv:2007.00224, for tau+; Zhang et al. 2022,
arXiv:2203.17248, for the second temperature. At its first value each loss is InfoNCE.
"""

from collections.abc import Callable
from functools import partial

from anatomy.losses.debiased import debiased
from anatomy.losses.dual_temperature import dual_temperature
from anatomy.losses.hard_negatives import hard_negatives
from anatomy.measures import Table, Trained
from anatomy.measures.loss_map import SUMMARY, Bound, forces, similarities, summary
from anatomy.quantities import Temperature

VALUES: dict[str, tuple[float, ...]] = {
    "hard negatives": (0.0, 0.5, 1.0, 2.0, 4.0),  # beta, without debiasing
    "debiased": (0.0, 0.01, 0.03, 0.1),  # tau+
    "dual temperature": (1.0, 2.0, 5.0, 10.0),  # T' over T
}


def options(t: float) -> dict[str, Callable[[float], Bound]]:
    """Each loss by the value of its option."""
    return {
        "hard negatives": lambda beta: partial(hard_negatives, temperature=t, beta=beta, tau_plus=0.0),
        "debiased": lambda tau_plus: partial(debiased, temperature=t, tau_plus=tau_plus),
        "dual temperature": lambda ratio: partial(
            dual_temperature, temperature_intra=t, temperature_inter=ratio * t
        ),
    }  # fmt: skip


def loss_options(trained: Trained, *, options_temperature: Temperature = 0.1) -> Table:
    """Columns of (a loss), at (its option's value), and those of `loss_map`."""
    positive, negatives = similarities(trained)
    rows = [
        (name, value, *summary(forces(loss(value), positive, negatives)))
        for name, loss in options(options_temperature).items() for value in VALUES[name]
    ]  # fmt: skip
    return dict(zip(("of", "at", *SUMMARY), map(list, zip(*rows, strict=True)), strict=True))
