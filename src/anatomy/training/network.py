"""The method of a run with fresh weights, made of the parts that the run names."""

from collections.abc import Callable, Mapping
from functools import partial, wraps
from inspect import signature
from threading import Lock
from typing import Any

import torch
from torch import nn

from anatomy.errors import InputError, nearest
from anatomy.networks.heads import Encoder, Others
from anatomy.runs import parts
from anatomy.runs.config import Run
from anatomy.runs.kinds import Part
from anatomy.training.streams import seed_of, stream

GLOBAL_GENERATOR = Lock()  # an executor of threads: no other run's seed may fall between a seed and its weights


def build(run: Run, others: Others | None = None) -> Any:  # a `step.Method`; a user's own is what its file makes of it
    """The method with fresh weights, on the CPU: the same weights whatever device trains them.

    `others` are given where the run is trained; where its steps are only timed, they are lacking.
    """
    with GLOBAL_GENERATOR, torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed_of(run.seed, "weights"))
        backbone = backbone_of(run)
        width = run.projector.options.get("dimension", parts.default("projector", run.projector.name, "dimension"))
        encoder = Encoder(backbone, bound_part("projector", run.projector)(backbone.dimension), width)
        bound = {name: bound_part(name, getattr(run, name)) for name in ("loss", "transform") if run.uses(name)}
        if ":" in run.loss.name and "loss" in bound:
            bound["loss"] = one_per_anchor(bound["loss"], run.loss.name)
        drawn = stream(run.seed, "method")
        pieces = {"encoder": encoder, "classifier": encoder, "generator": drawn, "others": others or {}, **bound}
        return made("method", run.method, pieces)


def encoder_with(state: Mapping[str, torch.Tensor], run: Run) -> Encoder:
    """The encoder of a trained run, from the state of its method. ValueError if it is of another network."""
    encoder: Encoder = build(run).encoder
    try:
        encoder.load_state_dict({n.removeprefix("encoder."): t for n, t in state.items() if n.startswith("encoder.")})
    except RuntimeError:
        raise ValueError("they are of another network") from None
    return encoder


def backbone_of(run: Run) -> Any:  # a module with `dimension`, which a user's own may lack
    """With the weights that torch's generator gives it."""
    return made("backbone", run.backbone, {"norm": bound_part("norm", run.norm), "size": run.size})


def compile_backbones(method: nn.Module) -> None:
    """torch.compile in place, so that no name in a checkpoint changes: 1.15 times the speed on a CPU with AMX, after a
    minute or more of compiling, which is why a sweep asks for it only where it pays over all runs."""
    for module in method.modules():
        if isinstance(module, Encoder):
            module.backbone.compile(dynamic=False)


def one_per_anchor(loss: Callable[..., object], name: str) -> Callable[..., torch.Tensor]:
    """A user's own loss, with a check that it gives one value for each anchor: else their mean would pass unnoticed."""

    try:
        signature(loss).bind("positive", "negatives")
    except TypeError as error:
        raise InputError(
            f"loss {name!r} cannot be called with positive and negatives ({error}); begin it with "
            "`def name(positive, negatives, *, temperature)`, options by keyword"
        ) from None

    @wraps(loss)
    def checked(positive: torch.Tensor, negatives: object, **more: object) -> torch.Tensor:
        values = loss(positive, negatives, **more)
        if not isinstance(values, torch.Tensor) or values.shape != positive.shape:
            given = f"shape {list(values.shape)}" if isinstance(values, torch.Tensor) else type(values).__name__
            raise InputError(
                f"loss {name!r} gives {given} for {len(positive)} anchors; give a tensor of shape "
                f"{list(positive.shape)}, one value for each anchor"
            )
        return values

    return checked


def made(kind: str, part: Part, pieces: dict[str, object]) -> Any:  # by the kind
    """A part from the pieces that it wants; InputError for one that does not exist."""
    wanted = parts.wants(kind, part.name)
    for name in wanted:
        if name not in pieces:
            raise InputError(f"{kind} {part.name!r} wants a piece {name!r}; {nearest(name, pieces)}")
    return bound_part(kind, part)(**{name: pieces[name] for name in wanted})


def bound_part(kind: str, part: Part) -> Callable[..., Any]:  # by the kind
    """A part with its options bound; where it has none, the part itself."""
    loaded = parts.load(kind, part.name)
    return partial(loaded, **part.options) if part.options else loaded
