"""An attack in two dimensions: a loss by formula, the way of one step and that of many. NumPy, no network.

After the picture of Andriushchenko and Flammarion 2020, arXiv:2007.02617: on a straight loss one step finds what many
find; on one that turns within the ball it steps over the top.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

STEPS = 12  # of PGD, each a quarter of epsilon
Gradient = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Plane:
    """Changes of two pixels in units of epsilon, the loss over them [n, n], and ways [steps + 1, 2] by their name."""

    across: np.ndarray
    up: np.ndarray
    loss: np.ndarray
    ways: Mapping[str, np.ndarray]
    epsilon: float = 1.0


def loss_of(point: np.ndarray, bend: float) -> np.ndarray:
    """A slope, and with `bend` a ridge that crosses it: [.., 2] -> [..]."""
    slope = point @ np.array([0.5, 0.3])
    return np.asarray(slope - bend * np.square(point @ np.array([0.9, 0.4]) - 0.35))


def gradient(point: np.ndarray, bend: float) -> np.ndarray:
    """Of `loss_of`, at one point [2]."""
    ridge = np.array([0.9, 0.4])
    turned: np.ndarray = np.array([0.5, 0.3]) - 2 * bend * (point @ ridge - 0.35) * ridge
    return turned


def one_step(bend: float, radius: float = 1.0) -> np.ndarray:
    """FGSM: from the image to the corner of its ball that the gradient names."""
    start = np.zeros(2)
    return np.stack([start, radius * np.sign(gradient(start, bend))])


def many_steps(bend: float, radius: float = 1.0) -> np.ndarray:
    """PGD from the image."""
    way = [np.zeros(2)]
    for _ in range(STEPS):
        moved = way[-1] + radius * np.sign(gradient(way[-1], bend)) / 4
        way.append(np.clip(moved, -radius, radius))
    return np.stack(way)


def plane(bend: float, points: int = 61) -> Plane:
    """The loss a little beyond the ball, and both ways."""
    axis = np.linspace(-1.3, 1.3, points)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1)
    ways = {"FGSM, one step": one_step(bend), "PGD, many steps": many_steps(bend)}
    return Plane(axis, axis, loss_of(grid, bend), ways)
