"""The algebra of center and residual: against loops, by pencil, and the identities that need no experiment."""

import numpy as np
import pytest
import torch

import reference
from anatomy import decomposition as d
from anatomy.losses.info_nce import info_nce
from anatomy.similarity import against_queue, unit
from reference import array, assert_close


def vectors(generator: torch.Generator, n: int, size: int = 4, around: float = 0.0) -> torch.Tensor:
    """Unit vectors [n, size], float64, pulled towards the first axis by `around`."""
    raw = torch.randn(n, size, generator=generator, dtype=torch.float64)
    return unit(raw + around * torch.eye(size, dtype=torch.float64)[0])


# --- decompose


def test_center_and_residual_are_the_vectors(generator: torch.Generator) -> None:
    z = vectors(generator, 9, around=1.0)
    parts = d.decompose(z)
    assert_close(parts.center, reference.center_of(array(z)))
    assert_close(parts.only("center") + parts.residual, z)
    assert torch.equal(parts.only("both"), parts.only("center") + parts.only("residual"))
    assert not parts.only("none").any()
    assert_close(parts.residual.mean(0), torch.zeros(4, dtype=torch.float64))


def test_two_vectors_at_a_right_angle_by_hand() -> None:
    """(1, 0) and (0, 1): o = (1/2, 1/2), m_o = 1 / sqrt 2; each residual has length 1 / sqrt 2 as well."""
    parts = d.decompose(torch.eye(2, dtype=torch.float64))
    assert [length.item() for length in parts.lengths] == pytest.approx([0.5**0.5] * 2, rel=1e-12)


def test_a_collapsed_network_fires() -> None:
    z = torch.eye(3, dtype=torch.float64)[:1].expand(50, 3)
    numbers = d.geometry(z)
    assert numbers["center"].item() == pytest.approx(1, abs=1e-12)
    assert numbers["residual"].item() == pytest.approx(0, abs=1e-12)
    assert numbers["spread"].item() == pytest.approx(0, abs=1e-12)


def test_uniform_directions_sit_on_the_floor(generator: torch.Generator) -> None:
    """m_o of N independent directions is 1 / sqrt(N) in root mean square; spread and m_r are near 1."""
    sizes = [d.geometry(vectors(generator, 256, 64)) for _ in range(40)]
    squares = torch.stack([each["center"] ** 2 for each in sizes]).mean()
    assert squares.sqrt().item() == pytest.approx(1 / 16, rel=0.1)
    assert all(abs(each["spread"] - 1) < 0.02 for each in sizes)
    assert all(abs(each["residual"] - 1) < 0.02 for each in sizes)


@pytest.mark.parametrize("around", [0.0, 2.0])
def test_geometry_against_loops(generator: torch.Generator, around: float) -> None:
    z = vectors(generator, 11, around=around)
    expected = reference.geometry(array(z))
    found = d.geometry(z)
    assert list(found) == list(expected)
    for name, number in expected.items():
        assert found[name].item() == pytest.approx(number, rel=1e-10)


def test_effective_rank_of_equal_axes(generator: torch.Generator) -> None:
    """Plus and minus each of 3 axes: C is a multiple of the identity, rank 3 of 3, nothing off the diagonal."""
    axes = torch.eye(3, dtype=torch.float64)
    numbers = d.geometry(torch.cat([axes, -axes]))
    assert numbers["rank"].item() == pytest.approx(3, rel=1e-12)
    assert numbers["covariance"].item() == pytest.approx(0, abs=1e-15)


# --- decompose_gradient


def test_simsiam_and_triplet(generator: torch.Generator) -> None:
    """G_e = Z_b - P_b: o_e = o_z - o_p, r_e = r_z - r_p. G_e = -Z_n: o_e = -o_n, r_e = -r_n."""
    z, p, n = (vectors(generator, 7, around=a) for a in (1.0, 2.0, 0.5))
    simsiam = d.decompose_gradient(basic=p, target=z)
    assert_close(simsiam.center, z.mean(0) - p.mean(0))
    assert_close(simsiam.residual, d.decompose(z).residual - d.decompose(p).residual)
    triplet = d.decompose_gradient(basic=z, target=z - n)
    assert_close(triplet.center, -n.mean(0))
    assert_close(triplet.residual, -d.decompose(n).residual)


@pytest.mark.parametrize("temperature", [0.05, 0.5])
def test_info_nce_is_pulled_to_its_target(generator: torch.Generator, temperature: float) -> None:
    """-dL/dZ_a = (Z_b - sum_j lambda_j Z_j) / T: autograd, and loops for the extra gradient."""
    anchor, keys = vectors(generator, 6, around=1.0), vectors(generator, 6, around=1.0)
    target = d.info_nce_target(anchor, keys, temperature)
    assert_close(target - keys, reference.info_nce_extra(array(anchor), array(keys), temperature))
    for i in range(6):
        leaf = anchor[i : i + 1].clone().requires_grad_()
        others = torch.cat([keys[:i], keys[i + 1 :]])
        loss = info_nce(*against_queue(leaf, keys[i : i + 1], others), temperature=temperature).sum()
        (gradient,) = torch.autograd.grad(loss, leaf)
        assert_close(-temperature * gradient[0], target[i])


def test_info_nces_center_does_not_know_the_temperature(generator: torch.Generator) -> None:
    """sum lambda = 1, so G_e + o_z = -sum lambda_j r_j: what is left is made of residuals alone."""
    anchor, keys = vectors(generator, 8, around=1.0), vectors(generator, 8, around=1.0)
    parts = d.decompose_gradient(keys, d.info_nce_target(anchor, keys, 0.2), center=-keys.mean(0))
    shares = array(anchor) @ array(keys).T / 0.2
    shares = np.exp(shares) / np.exp(shares).sum(1, keepdims=True)
    assert_close(parts.residual, -shares @ array(d.decompose(keys).residual))
    assert_close(parts.center, -keys.mean(0))


def test_at_a_high_temperature_the_residual_is_covariance_times_anchor(generator: torch.Generator) -> None:
    """lambda_j = (1 + Z_a . r_j / T) / N to first order, so r_e -> -(1 / T) C Z_a with C divided by N."""
    anchor, keys = vectors(generator, 40, around=1.0), vectors(generator, 40, around=1.0)
    temperature = 1e5
    parts = d.decompose_gradient(keys, d.info_nce_target(anchor, keys, temperature), center=-keys.mean(0))
    c = d.covariance(keys) * 39 / 40
    expected = -anchor @ c / temperature
    assert ((parts.residual - expected).norm() / expected.norm()).item() < 1e-4


# --- decorrelation


@pytest.mark.parametrize("standardize", [False, True])
def test_decorrelation_against_loops(generator: torch.Generator, standardize: bool) -> None:
    z = vectors(generator, 9, around=1.0)
    c = reference.covariance(array(z))
    if standardize:
        c = c / np.sqrt(np.outer(np.diag(c), np.diag(c)))
    expected = reference.off_diagonal_square(c) / 4
    assert d.decorrelation(z, standardize).item() == pytest.approx(expected, rel=1e-10)


def test_the_force_by_hand_is_autograds(generator: torch.Generator) -> None:
    z = vectors(generator, 9, around=1.0).requires_grad_()
    (gradient,) = torch.autograd.grad(d.decorrelation(z), z)
    assert_close(d.decorrelation_force(z.detach()), -gradient)


def test_a_constant_vector_is_at_right_angles_to_the_force(generator: torch.Generator) -> None:
    """The published curve of o_e is flat at zero because the forces of a batch sum to zero: algebra, no result."""
    force = d.decorrelation_force(vectors(generator, 9, around=1.0))
    o_e = d.decompose(vectors(generator, 9, around=1.0)).only("center")
    assert abs(d.cosine(o_e, force).item()) < 1e-12


def test_covariance_asks_for_collapse_and_correlation_does_not(generator: torch.Generator) -> None:
    """Of degree 4 in the residuals: half the residuals, a sixteenth of the loss. Correlations do not change."""
    z = vectors(generator, 9, around=1.0)
    o = z.mean(0)
    nearer = o + (z - o) / 2
    assert d.decorrelation(nearer).item() == pytest.approx(d.decorrelation(z).item() / 16, rel=1e-10)
    assert d.decorrelation(nearer, True).item() == pytest.approx(d.decorrelation(z, True).item(), rel=1e-10)


def test_no_variance_gives_no_nan() -> None:
    z = torch.ones(5, 3).requires_grad_()
    for standardize in (False, True):
        (gradient,) = torch.autograd.grad(d.decorrelation(z, standardize), z)
        assert gradient.isfinite().all()


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_whitened(generator: torch.Generator, share: float) -> None:
    """Before the lengths are made equal the covariance is C^(1 - share); other vectors get the same map."""
    z, other = vectors(generator, 200, around=1.0), vectors(generator, 7, around=1.0)
    values, basis = np.linalg.eigh(reference.covariance(array(z)))
    rows = (array(other) - array(z).mean(0)) @ (basis * values ** (-share / 2)) @ basis.T
    assert_close(d.whitened(other, z, share), rows / np.linalg.norm(rows, axis=1, keepdims=True))


def test_whitening_leaves_out_what_does_not_vary(generator: torch.Generator) -> None:
    flat = torch.cat([vectors(generator, 50, 3), torch.zeros(50, 1, dtype=torch.float64)], 1)
    assert not d.whitened(flat, flat, 1.0)[:, 3].any()


# --- embedding against prediction


def test_parallel_centers_tell_one_number_twice() -> None:
    """o_p = 1.5 o_z: eta_p = 1 / 1.5 - 1, eta_z = 1.5 - 1."""
    o_z = torch.tensor([[0.3, 0.4], [0.3, 0.4]], dtype=torch.float64)
    numbers = d.against_prediction(o_z, 1.5 * o_z)
    found = {name: number.item() for name, number in numbers.items()}
    assert found == pytest.approx({"length_ratio": 1.5, "center_cosine": 1, "eta_p": 1 / 1.5 - 1, "eta_z": 0.5})


def test_eta_against_its_definition(generator: torch.Generator) -> None:
    """cos(o_e - eta o_p, o_p) = 0, with o_e = o_z - o_p."""
    z, p = vectors(generator, 9, around=1.0), vectors(generator, 9, around=0.5)
    numbers = d.against_prediction(z, p)
    o_z, o_p = z.mean(0), p.mean(0)
    assert ((o_z - o_p - numbers["eta_p"] * o_p) @ o_p).item() == pytest.approx(0, abs=1e-14)
    assert ((o_p - o_z - numbers["eta_z"] * o_z) @ o_z).item() == pytest.approx(0, abs=1e-14)


def test_nothing_is_rounded_under_autocast(generator: torch.Generator) -> None:
    """A recorder is shown the whole set under autocast, with bfloat16 for a product of two vectors."""
    z, p = (unit(torch.randn(9, 5, generator=generator)) for _ in range(2))
    plain = d.geometry(z) | d.against_prediction(z, p)
    with torch.autocast("cpu", torch.bfloat16):
        shown = d.geometry(z) | d.against_prediction(z, p)
    assert {name: number.item() for name, number in shown.items()} == {k: number.item() for k, number in plain.items()}
