"""A run: everything that decides one training, and nothing else.

A run is a pure function of its `Run`: where the same content meets the same data, the same numbers come out, on any
machine of one kind. What only changes how fast they come (device, precision, threads) stands in `machine.py` and is
provenance. This file imports no torch, so a study can name its runs, and find them in a store, without it.
"""

import hashlib
import json
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from anatomy.errors import InputError
from anatomy.paths import one_form
from anatomy.quantities import Amount, Count, Factor, Key, Positive, Share, Whole
from anatomy.runs import parts
from anatomy.runs.flat import fields_of
from anatomy.runs.kinds import SERVES, SEVERAL, SINGLE, Names, OnePart, Part, as_json, lean, wanted
from anatomy.settings import Settings

PIXELS = "pixels"  # the backbone that is the image itself


class Run(BaseModel):
    """One training run. Papers disagree on every one of these numbers, so each is said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: OnePart = Field(Part(name="simclr"), description="how views become a loss: a file of methods/")
    loss: OnePart = Field(Part(name="info_nce"), description="what is done with similarities: a file of losses/")
    transform: OnePart = Field(
        Part(name="none"), description="what happens to features before they are compared: a file of transforms/"
    )
    backbone: OnePart = Field(Part(name="resnet8"), description="image -> representation h: a function of backbones.py")
    norm: OnePart = Field(Part(name="batch"), description="normalization layer of the backbone: a file of norms/")
    projector: OnePart = Field(Part(name="mlp"), description="representation h -> embedding z: a function of heads.py")
    views: OnePart = Field(Part(name="standard"), description="random views of an image: a function of views.py")
    recorders: Names = Field((), description="what is written down while training: files of recorders/")
    measures: Names = Field((Part(name="knn"),), description="what is measured at the end: files of measures/")
    dataset: Annotated[str, AfterValidator(one_form)] = Field(
        "shapes", description="shapes (embedded), or a name in the data folder: archive, image folder, torchvision set"
    )
    images: Count | None = Field(None, description="training images used; all if not given")
    imbalance: Factor = Field(
        1.0, description="of the training images: the largest class to the smallest; 1: as they are"
    )
    imbalance_by: Literal["class", "chance"] = Field(
        "class", description="which lose images: the first classes, or as many of all classes, the control"
    )
    evaluate_on: Literal["held_out", "test"] = Field(
        "held_out", description="a tenth of the training set, or the test set"
    )
    size: Count = Field(32, description="views are size x size pixels")
    epochs: Whole = Field(5, description="passes over the training images; 0: the network as it is made, only measured")
    batch_size: Count = Field(256, description="images a step, N; each is seen in several views")
    learning_rate: Positive = Field(
        0.12, description="for a batch of 256; of sgd, scaled by batch_size / 256 (Goyal et al. 2017)"
    )
    optimizer: Literal["sgd", "adam"] = Field("sgd", description="adam has its published betas and L2 weight decay")
    sgd_momentum: Share = Field(0.9, description="of the optimizer; not the momentum of a momentum encoder")
    weight_decay: Amount = Field(5e-4, description="on all weights, as in the papers' CIFAR code")
    warmup: Share = Field(0.1, description="share of the steps with rising learning rate; then the schedule")
    schedule: Literal["cosine", "constant"] = Field("cosine", description="after warm-up: half a cosine to 0, or none")
    record_every: Count = Field(10, description="a recorder writes every so many steps")
    seed: Whole = Field(0, description="of weights, order of images, views and the method's own draws")

    @model_validator(mode="after")
    def check_parts(self) -> "Run":
        """Each part exists and takes its options; options are kept without the values that are defaults anyway."""
        for field, kind in (SINGLE | SEVERAL).items():
            given = getattr(self, field)
            if not self.uses(field):
                check_used(field, given, getattr(self, SERVES[field]))
                continue
            checked = tuple(lean(kind, part) for part in (given if field in SEVERAL else [given]))
            object.__setattr__(self, field, checked if field in SEVERAL else checked[0])
        check_labels(self.measures, self.method)
        if self.backbone.name == PIXELS and self.epochs:
            raise InputError(f"backbone {PIXELS!r} has nothing to train, but epochs is {self.epochs}; try epochs 0")
        return self

    def uses(self, field: str) -> bool:
        """Whether what this part serves is made of it."""
        return field not in SERVES or wanted(field, getattr(self, SERVES[field]))

    @classmethod
    def of(cls, **flat: object) -> "Run":
        """A Run from fields and bare options: `Run.of(method="simco", temperature=0.1, epochs=2)`.

        A bare option goes to the one part that has it; where two have it, write `**{"loss.temperature": 0.1}`.
        Raises InputError for unknown names and invalid values.
        """
        return valid_run(fields_of(flat, cls.model_fields))

    def content(self) -> Settings:
        """What is hashed and stored: JSON types, defaults left out, a part as {name: options}."""
        content: Settings = {}
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if value == field.default:
                continue
            if name in SEVERAL:
                content[name] = [as_json(part) for part in value]
            else:
                content[name] = as_json(value) if name in SINGLE else value
        return content

    def key(self, data_digest: str) -> str:
        """16 hex digits that name this run in a store: its content, the data's digest, the user's own files."""
        own = {part.name: parts.digest(kind, part.name) for kind, part in self.all_parts() if ":" in part.name}
        text = json.dumps([self.content(), data_digest, own], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def all_parts(self) -> list[tuple[str, Part]]:
        """(kind, part) of every part that the run is made of."""
        return self.single_parts() + [(kind, part) for field, kind in SEVERAL.items() for part in getattr(self, field)]

    def single_parts(self) -> list[tuple[str, Part]]:
        """(kind, part) of the parts of which there is one each."""
        return [(kind, getattr(self, field)) for field, kind in SINGLE.items() if self.uses(field)]

    @property
    def others(self) -> tuple[str, ...]:
        """Keys of the runs whose weights this one uses: what its parts are given as a `Key`."""
        given = ((option.type, part.options.get(option.name)) for kind, part in self.all_parts()
                 for option in parts.signature(kind, part.name).values())  # fmt: skip
        return tuple(str(value) for type_, value in given if Key in (type_, *get_args(type_)) and value is not None)

    def flat(self) -> Settings:
        """Fields and options side by side, defaults included: the columns of a study's tables."""
        plain = {n: getattr(self, n) for n in type(self).model_fields if n not in SINGLE | SEVERAL}
        names = {field: getattr(self, field).name if self.uses(field) else "" for field in SINGLE}
        options: Settings = {}
        for kind, part in self.single_parts():
            for option in parts.signature(kind, part.name).values():
                name = f"{kind}.{option.name}" if option.name in options else option.name
                options[name] = part.options.get(option.name, option.default)
        return {**names, **plain, **options}


def valid_run(fields: Settings) -> Run:
    """A Run, or an InputError in one sentence instead of pydantic's report."""
    try:
        return Run(**fields)
    except ValidationError as error:
        first = error.errors()[0]
        if isinstance(cause := first.get("ctx", {}).get("error"), InputError):
            raise cause from None
        name = str(first["loc"][0]) if first["loc"] else "run"
        said = first["msg"].replace("Input should be", "it must be")
        default = Run.model_fields[name].default if name in Run.model_fields else None
        hint = f" (the default is {default!r})" if isinstance(default, int | float | str) else ""
        raise InputError(f"{name} is {first['input']!r}, but {said[0].lower()}{said[1:]}{hint}") from None


def check_used(field: str, given: Part, owner: Part) -> None:
    """InputError for a part that was named although what it would serve has no place for it."""
    if given != Run.model_fields[field].default:
        raise InputError(
            f"{field} is {given.name!r}, but {SERVES[field]} {owner.name!r} takes no {field}; leave {field} out"
        )


def check_labels(measures: Names, method: Part) -> None:
    """InputError for a measure of a classifier, as attacks on labels are, of a method that does not train one."""
    if "classifier" in parts.wants("method", method.name):
        return
    for measure in measures:
        if "classifier" in parts.wants("measure", measure.name):
            raise InputError(
                f"measure {measure.name!r} asks for the logits of labels, which method {method.name!r} does not learn; "
                "try probe_under_attack or linear_probe, or method supervised"
            )
