"""A checkpoint as bytes: a SHA-256, then the state of a run in training, its key included.

Foreign bytes are rejected in one sentence. Torch is imported where a state is read, not before.
"""

import hashlib
import io
from typing import Any

# What a session saves, and what of it is the training's own (`training.Training.state`).
STATE = {"key", "source", "training", "started", "seconds"}
TRAINING = {"method", "optimizer", "recorders", "epoch", "losses", "precision", "compile"}


State = dict[str, Any]  # tensors, numbers, lists and dicts of them: what torch loads without running code


def sealed(payload: bytes) -> bytes:
    """The content of a checkpoint's file."""
    return hashlib.sha256(payload).digest() + payload


def unsealed(content: bytes) -> bytes:
    """The payload of a checkpoint's file. ValueError if a byte of it has changed."""
    digest, payload = content[:32], content[32:]
    if hashlib.sha256(payload).digest() != digest:
        raise ValueError("its bytes are not those that were written")
    return payload


def state_of(payload: bytes, key: str) -> State:
    """What a session saved of this run. ValueError if the payload is of another kind, or of another run."""
    import torch

    try:
        state: State = torch.load(io.BytesIO(payload), weights_only=True, map_location="cpu")
        ours = STATE <= state.keys() and TRAINING <= state["training"].keys()
    except Exception:  # whatever torch and zipfile raise for a file of another kind
        ours = False
    if not ours:
        raise ValueError("it is no checkpoint of ours")
    if state["key"] != key:
        raise ValueError(f"it is of run {state['key']}")
    return state
