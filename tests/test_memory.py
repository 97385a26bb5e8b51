"""Freed memory that stays with the process."""

import subprocess
import sys

from conftest import lacking

FAULTS = """
import resource, sys
import torch
from anatomy.augmentation import views
from anatomy.hardware.machine import Machine
from anatomy.scheduling.worker import on_threads

torch.set_num_threads(1)
if sys.argv[1] == "kept":
    on_threads(Machine("cpu"))
images = torch.zeros(256, 3, 32, 32, dtype=torch.uint8)
drawn = views.standard(256, 32, 32, torch.Generator())
for _ in range(5):
    views.apply(images, drawn, size=32)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    views.apply(images, drawn, size=32)
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) // 10)
"""


def faults(what: str) -> int:
    """Pages that one batch of views faults in."""
    told = subprocess.run([sys.executable, "-c", FAULTS, what], check=True, capture_output=True, text=True)
    return int(told.stdout)


def test_a_batch_of_views_uses_the_memory_of_the_last() -> None:
    returned = faults("returned")
    if returned < 500:
        lacking("this malloc returns nothing to the system")
    assert faults("kept") < returned / 5
