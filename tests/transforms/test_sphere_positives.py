"""The closed form on the sphere by pencil and by its equation, and what becomes of a key."""

from math import atan2, cos, radians, sin

import pytest
import torch
from torch import Tensor

from anatomy.errors import InputError
from anatomy.runs.parts import check
from anatomy.similarity import unit
from anatomy.transforms.cluster_means import spherical_means
from anatomy.transforms.sphere_positives import halfway, slerp, sphere_positives
from reference import assert_close


def on_circle(*degrees: float) -> Tensor:
    angles = torch.deg2rad(torch.tensor(degrees, dtype=torch.float64))
    return torch.stack([angles.cos(), angles.sin()], 1)


def test_halfway_by_hand() -> None:
    """Key at 20, own center at 10, the other at 90: the middle of the centers is 50, 30 of 70 degrees away."""
    assert_close(halfway(on_circle(20), on_circle(10), on_circle(90)), [[30 / 70]])


def test_halfway_is_as_near_to_both_centers(generator: torch.Generator) -> None:
    key, own, other = (unit(torch.randn(200, 5, generator=generator, dtype=torch.float64)) for _ in range(3))
    own = unit(key + 0.3 * own)  # the nearer one
    found = slerp(key, other, halfway(key, own, other))
    nearer = (key * own).sum(1) > (key * other).sum(1)
    assert nearer.sum() > 150
    assert_close((found * own).sum(1)[nearer], (found * other).sum(1)[nearer])


def test_the_published_form() -> None:
    """t_max = atan(sin W / (R + cos W)) / W, R = (1 - p*.p0) / (k.(p0 - p*))."""
    k, p0, p1 = (on_circle(a)[0].tolist() for a in (20.0, 10.0, 90.0))
    dot = lambda a, b: sum(x * y for x, y in zip(a, b, strict=True))  # noqa: E731
    w, r = radians(70), (1 - dot(p1, p0)) / (dot(k, p0) - dot(k, p1))
    assert_close(halfway(on_circle(20), on_circle(10), on_circle(90)), [[atan2(sin(w), r + cos(w)) / w]])


def test_slerp_by_hand() -> None:
    quarter = torch.tensor([[0.25]], dtype=torch.float64)
    assert_close(slerp(on_circle(0), on_circle(80), quarter), on_circle(20))


def test_keys_move_and_keep_their_center(generator: torch.Generator) -> None:
    queue = unit(torch.randn(64, 6, generator=generator, dtype=torch.float64))
    query, key = (unit(torch.randn(32, 6, generator=generator, dtype=torch.float64)) for _ in range(2))
    made = sphere_positives(query, key, queue, torch.Generator().manual_seed(3), centers=8)
    centers = spherical_means(queue, 8, 5, torch.Generator().manual_seed(3))
    assert_close(made.key.norm(dim=1), torch.ones(32))
    assert torch.equal((made.key @ centers.T).argmax(1), (key @ centers.T).argmax(1))
    moved = (made.key - key).norm(dim=1) > 1e-6
    assert 8 < moved.sum() < 32  # some would have come nearest to a third center
    assert torch.equal(made.query, query)
    assert torch.equal(made.queue, queue)


def test_with_a_small_range_keys_go_all_the_way(generator: torch.Generator) -> None:
    """u near 0: as near to the other center as to their own; two centers, so there is no third."""
    queue, key = on_circle(0, 5, 100, 105), on_circle(10, 80)
    made = sphere_positives(key, key, queue, generator, centers=2, range_share=1e-6)
    torch.testing.assert_close(made.key, on_circle(52.5, 52.5), rtol=0, atol=1e-5)


def test_one_center_leaves_no_direction(generator: torch.Generator) -> None:
    key = on_circle(10, 80)
    assert torch.equal(sphere_positives(key, key, key, generator, centers=1).key, key)


@pytest.mark.parametrize(("option", "value"), [("centers", 0), ("steps", 0), ("range_share", 1.5)])
def test_a_wrong_option(option: str, value: float) -> None:
    with pytest.raises(InputError, match=f"{option} is .*the default is"):
        check("transform", "sphere_positives", {option: value})
