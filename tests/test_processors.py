"""Kinds of processor, from what records say of theirs."""

from pathlib import Path

import pytest

from anatomy.hardware import machine
from anatomy.hardware.processors import kind, kinds, minutes


@pytest.mark.parametrize(("cpu", "device", "precision", "expected"), [
    ("AMD EPYC", "cpu", "fp32", "epyc-avx2-fp32"),
    ("Intel(R) Xeon(R) Processor (AMX)", "cpu", "bf16", "xeon-amx-bf16"),
    ("Intel(R) Xeon(R) Processor (AMX)", "cpu", "fp32", "xeon-amx-fp32"),
    ("AMD EPYC 9B14 (AVX-512)", "cpu", "fp32", "epyc-avx512-fp32"),
    ("Intel(R) Core(TM) i7-8650U CPU @ 1.90GHz", "cpu", "fp32", "core-avx2-fp32"),
    ("Apple M2", "cpu", "fp32", "apple-neon-fp32"),
    ("arm", "cpu", "fp32", "arm-neon-fp32"),
    ("unheard of", "cpu", "fp32", "cpu-avx2-fp32"),
    ("Intel(R) Xeon(R) Processor (AMX)", "NVIDIA H100 80GB HBM3", "bf16", "h100-bf16"),
    ("AMD EPYC", "NVIDIA A100-SXM4-40GB", "fp32", "a100-fp32"),
    ("AMD EPYC", "NVIDIA GeForce RTX 4090", "fp32", "4090-fp32"),
    ("AMD EPYC", "Tesla T4", "fp32", "t4-fp32"),
    ("AMD EPYC", "NVIDIA", "fp32", "gpu-fp32"),
])  # fmt: skip
def test_kind(cpu: str, device: str, precision: str, expected: str) -> None:
    """A card's kind does not depend on the processor beside it."""
    assert kind({"cpu": cpu, "device": device, "precision": precision}) == expected


def test_kinds_are_named_once_and_sorted() -> None:
    made = [{"cpu": "AMD EPYC", "device": "cpu", "precision": p} for p in ("fp32", "bf16", "fp32")]
    assert kinds(made) == ["epyc-avx2-bf16", "epyc-avx2-fp32"]
    assert kinds([]) == []


def test_minutes_are_those_of_all_cores_of_a_run_and_of_one_card() -> None:
    assert minutes({"device": "cpu", "threads": 2, "seconds": 90.0}) == 3.0
    assert minutes({"device": "NVIDIA H100", "threads": 2, "seconds": 90.0}) == 1.5


@pytest.mark.parametrize(("flags", "said"), [
    ("fma avx2", "Some CPU"), ("avx2 avx512f avx512bw", "Some CPU (AVX-512)"), ("avx512f amx_bf16", "Some CPU (AMX)"),
])  # fmt: skip
def test_the_name_of_a_processor_says_its_widest_instructions(
    flags: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text(f"processor : 0\nmodel name\t: Some CPU\nflags\t\t: {flags}\n")
    monkeypatch.setattr(machine, "Path", lambda path: file)
    assert machine.cpu_model() == said
