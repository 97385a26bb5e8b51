"""Every run of a study with its merged settings, and the layer that each value comes from.

    default < base < preset < chapter < arm

A value that an arm states and that is the same without it counts as the layer's below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from anatomy import studies
from anatomy.runs import parts
from anatomy.runs.config import Run
from anatomy.runs.kinds import SEVERAL, SINGLE, Part
from anatomy.settings import Settings
from anatomy.storage.record import plain
from anatomy.study import presets
from anatomy.study.study import Study

ORIGINS = ("default", "base", "preset", "chapter", "arm")
Merged = dict[str, tuple[object, str]]  # by a setting's name: value and origin


@dataclass(frozen=True)
class Planned:
    """One run. Its seed is the preset's, or was asked for, and is not among the settings."""

    key: str
    stage: str
    seed: int
    settings: Merged


def planned(study: Study) -> list[Planned]:
    """Of the stages that are known so far: what is tuned follows from runs of the stage before."""
    layers, stages = layers_of(study), study.stages
    return [
        Planned(study.key(run), stage, run.seed, merged(run, layers)) for stage, runs in stages.items() for run in runs
    ]


def layers_of(study: Study) -> dict[str, Settings]:
    """The settings of each layer below the arm, the upper first."""
    return {
        "chapter": studies.sizes(study.chapter).get(study.preset.name, {}),
        "preset": {
            name: value
            for name, value in presets.PRESETS[study.preset.name].run.items()
            if name not in presets.BASE or value != presets.BASE[name]
        }
        | {"dataset": study.dataset},
        "base": presets.BASE,
    }


def merged(run: Run, layers: dict[str, Settings]) -> Merged:
    """All settings of a run, each with its origin: the upper layer that names it, or the arm if it says otherwise."""
    layers, found = layers | {"default": defaults(run)}, {}
    for name, value in settings(run).items():
        option = name.rpartition(".")[2]
        layer, said = next((layer, said[option]) for layer, said in layers.items() if option in said)
        found[name] = (value, layer if said == value else "arm")
    return found


def defaults(run: Run) -> Settings:
    """What the code says of every field, and of every option of the run's parts."""
    fields = {name: field.default for name, field in Run.model_fields.items()}
    named = {name: fields[name].name for name in SINGLE} | {name: listed(fields[name]) for name in SEVERAL}
    options = {
        option.name: option.default
        for kind, part in run.single_parts()
        for option in parts.signature(kind, part.name).values()
    }
    return options | fields | named


def settings(run: Run) -> Settings:
    """Fields and options side by side, without the seed; recorders and measures as they are given in a parameter."""
    flat = {name: value for name, value in run.flat().items() if name != "seed" and value != ""}
    return flat | {field: listed(getattr(run, field)) for field in SEVERAL}


def listed(several: Sequence[Part]) -> str:
    """`knn`, or with options `score_histograms(every=3)`."""
    with_options = [(p.name, ", ".join(f"{name}={value}" for name, value in p.options.items())) for p in several]
    return ",".join(f"{name}({options})" if options else name for name, options in with_options)


def shared(runs: Sequence[Planned]) -> Merged:
    """The settings that are the same, and from the same layer, in all runs."""
    first, *others = runs
    return {name: at for name, at in first.settings.items() if all(run.settings.get(name) == at for run in others)}


def as_text(study: Study) -> str:
    """What all runs share, by origin; then one line a run with the rest."""
    runs = planned(study)
    common = shared(runs)
    head = f"{study.chapter} at {study.preset.name}, {study.dataset}: {len(runs)} runs. All of them:"
    lines = [head, *(f"  {text}" for text in by_origin(common)), "", "Each, with what differs:"]
    for run in runs:
        own = {name: at for name, at in run.settings.items() if name not in common}
        lines.append(f"  {run.key} {run.stage:<7} seed {run.seed}  {'; '.join(by_origin(own))}")
    return "\n".join(lines)


def by_origin(chosen: Merged) -> list[str]:
    """`arm: method=mocov2 queue_size=4096`, the arm's first."""
    rank = sorted(chosen.items(), key=lambda item: -ORIGINS.index(item[1][1]))
    groups = groupby(rank, key=lambda item: item[1][1])
    return [f"{origin}: " + " ".join(f"{name}={value}" for name, (value, _) in items) for origin, items in groups]


def as_fields(study: Study) -> Settings:
    """For JSON: {"chapter", "preset", "dataset", "runs": [{"key", "stage", "seed", "settings": {name: {"value",
    "from"}}}]}."""
    runs = [
        {
            "key": run.key,
            "stage": run.stage,
            "seed": run.seed,
            "settings": {name: {"value": plain(value), "from": layer} for name, (value, layer) in run.settings.items()},
        }
        for run in planned(study)
    ]
    return {"chapter": study.chapter, "preset": study.preset.name, "dataset": study.dataset, "runs": runs}
