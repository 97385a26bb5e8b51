"""The types of numbers that options take: an annotation says which values are valid, and `parts.check` applies it.

An option written `temperature: Temperature` is checked wherever it comes from (command line, notebook, Python),
so no part checks its own arguments.
"""

from typing import Annotated, Literal

from pydantic import AllowInfNan, Field

Count = Annotated[int, Field(ge=1, lt=10**12)]  # how many: images, epochs, channels
Several = Annotated[int, Field(ge=2, lt=10**12)]  # how many, and one is none of them: projectors
Whole = Annotated[int, Field(ge=0, lt=2**63)]  # how many, and none is allowed: queue size, seed
Positive = Annotated[float, Field(gt=0), AllowInfNan(False)]  # learning rate, width of a distribution
Amount = Annotated[float, Field(ge=0), AllowInfNan(False)]  # weight decay, strength of an augmentation
Factor = Annotated[float, Field(ge=1), AllowInfNan(False)]  # by how much a distance is multiplied
Share = Annotated[float, Field(ge=0, le=1)]  # a probability, or the kept share of a momentum encoder
Portion = Annotated[float, Field(ge=0, lt=1)]  # a share of something of which something must be left
Temperature = Annotated[float, Field(gt=0), AllowInfNan(False)]  # divides similarities, in the loss only
InfiniteTemperature = Annotated[float, Field(gt=0)]  # the same, and inf (every anchor weighs the same) is allowed

# Of another run, whose weights are used: that run is trained first, and the store must have its weights.
Key = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]

# Words that siamese methods choose from; what each means stands in methods/siamese.py.
Online = Literal["embedding", "prediction"]
Target = Literal[
    "embedding", "prediction", "momentum", "expectation", "memory", "inverse", "triplet", "center", "residual"
]
Component = Literal["both", "center", "residual", "none"]
Predictor = Literal["none", "bottleneck", "bias", "linear"]
# Noise of adversarial training; what each means stands in attacks/single_step.py.
Noise = Literal["none", "start", "image", "after"]
Distribution = Literal["uniform", "normal"]
Penalty = Literal["none", "grad_align", "aaer", "aaer_as_written"]
# `simsiam 40, center 20`: objectives one after the other, each for so many steps, then from the first again.
_OBJECTIVE = "(simsiam|naive|mirror|center|residual|covariance|correlation|variance|info_nce|nothing)"
Objectives = Annotated[str, Field(pattern=rf"^{_OBJECTIVE} [1-9]\d*(, {_OBJECTIVE} [1-9]\d*)*$")]
