"""Every network at every small width, on this processor's instructions and on those of one with AVX2 alone.

oneDNN's 1x1 convolution at stride 2 wrote beyond its memory there (uxlfoundation/oneDNN, issue 6035), of few channels:
the process died, or went on with other numbers.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from anatomy.runs import parts
from every_width import SIZE, made

AVX2 = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"}
# glibc's checks of the heap: a byte written behind a block ends the process when that block is freed.
CHECKS = Path(f"/lib/{os.uname().machine}-linux-gnu/libc_malloc_debug.so.0")


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("instructions", ["own", "avx2"])
def test_each_width_gives_the_numbers_of_float64(instructions: str, precision: str) -> None:
    if instructions == "avx2" and torch.backends.cpu.get_cpu_capability() == "AVX2":
        pytest.skip("this processor's own instructions are AVX2's")
    environment = {**os.environ, **(AVX2 if instructions == "avx2" else {})}
    if CHECKS.exists():
        environment |= {"LD_PRELOAD": str(CHECKS), "MALLOC_CHECK_": "3"}
    script = Path(__file__).with_name("every_width.py")
    done = subprocess.run(
        [sys.executable, str(script), precision, *SIZE], env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_backbone_is_tried() -> None:
    assert sorted([*SIZE, "pixels"]) == parts.names("backbone")


@pytest.mark.parametrize("name", SIZE)
def test_no_convolution_of_one_pixel_has_a_stride(name: str) -> None:
    """The kind that does damage: what its widths are depends on the processor."""
    convolutions = [m for m in made(name, 4).modules() if isinstance(m, nn.Conv2d)]
    assert convolutions
    assert [m for m in convolutions if m.kernel_size == (1, 1) and m.stride != (1, 1)] == []
