"""Named random streams: each use of randomness has its own, so that changing one leaves the others as they were.

A stream is seeded from (seed, name, epoch); so a run that goes on at epoch 7 draws what an unbroken one draws there,
and no generator's state need be saved.
"""

import hashlib

import torch


def seed_of(seed: int, name: str, epoch: int = 0) -> int:
    """63 bits that a seed, a name and an epoch decide."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{name}/{epoch}".encode()).digest()[:8], "big") >> 1


def stream(seed: int, name: str, epoch: int = 0) -> torch.Generator:
    """A generator on the CPU: what it draws is the same whatever device computes."""
    return torch.Generator().manual_seed(seed_of(seed, name, epoch))
