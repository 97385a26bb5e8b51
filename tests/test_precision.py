"""The precision of a study: asked of the processor first, by one convolution."""

import time

import pytest

from anatomy.hardware.precision import convolution_seconds, worth_timing


@pytest.mark.parametrize(
    ("times_as_fast", "expected"),
    [
        (1 / 9, ("fp32",)),  # emulated: an EPYC with AVX2 alone
        (1.0, ("fp32",)),
        (2.3, ("fp32", "bf16")),  # AVX-512 with bf16: whole steps decide
        (7.0, ("bf16",)),  # AMX
    ],
)
def test_what_is_timed_follows_from_the_convolution(times_as_fast: float, expected: tuple[str, ...]) -> None:
    assert worth_timing({"fp32": times_as_fast, "bf16": 1.0}) == expected


def test_the_question_costs_less_than_a_second() -> None:
    began = time.process_time()
    seconds = convolution_seconds("cpu")
    assert time.process_time() - began < 1
    assert seconds.keys() == {"fp32", "bf16"}
    assert all(0 < each < 1 for each in seconds.values())
