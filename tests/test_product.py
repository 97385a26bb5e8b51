"""Large products by either of torch's libraries: the same numbers, and which of them is asked."""

import pytest
import torch

from anatomy.hardware import product
from anatomy.hardware.product import SMALL, inner_products

N, D = 64, 96
K = SMALL // (N * D) + 1
THERE = hasattr(torch.ops.mkldnn, "_linear_pointwise")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each product that may be oneDNN's, on whatever processor."""
    if not THERE:
        pytest.skip("this torch has no oneDNN")
    seen: list[str] = []

    def noted() -> bool:
        seen.append("asked")
        return True

    monkeypatch.setattr(product, "one_dnn", noted)
    return seen


@pytest.mark.parametrize("layout", ["rows", "columns", "a part"])
def test_equal_to_the_sum_of_products(layout: str, asked: list[str], generator: torch.Generator) -> None:
    drawn = [torch.randn(D, rows, generator=generator) for rows in (N, K)]
    a, b = (z if layout == "columns" else z.contiguous() for z in (z.T for z in drawn))
    if layout == "a part":
        a, b = (torch.cat([z, z], 1)[:, D // 2 :][:, :D] for z in (a, b))
    found = inner_products(a, b)
    assert asked
    torch.testing.assert_close(found.double(), a.double() @ b.double().T, rtol=1e-5, atol=1e-4)


def test_small_ones_and_float64_are_multiplied_as_ever(asked: list[str], generator: torch.Generator) -> None:
    a, b = (torch.randn(rows, D, generator=generator) for rows in (N, K))
    for one, other in ((a, b[:-1]), (a.double(), b.double())):
        assert torch.equal(inner_products(one, other), one @ other.T)
    assert not asked


def test_no_gradient_flows(asked: list[str]) -> None:
    a, b = (torch.ones(rows, D, requires_grad=True) for rows in (N, K))
    assert not inner_products(a, b).requires_grad
    assert not inner_products(a, b[:4]).requires_grad


@pytest.mark.parametrize(
    ("model", "faster"),
    [("AMD EPYC (AVX-512)", True), ("AMD EPYC", False), ("Intel(R) Xeon(R) Processor (AMX)", False),
     ("Intel(R) Xeon(R) Processor (AVX-512)", False), ("arm64", False)],
)  # fmt: skip
def test_one_dnn_is_taken_on_amd_with_avx512(model: str, faster: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product, "cpu_model", lambda: model)
    assert product.one_dnn.__wrapped__() == (faster and THERE)
