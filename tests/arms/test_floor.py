"""The floor beside an arm: that of its own images, size and readout, and no other."""

import pandas as pd
import pytest

from anatomy.arms import floor
from planted_floor import planted_floor

ARM = pd.DataFrame({"dataset": "cifar10", "images": [None, None], "evaluate_on": "test", "size": 16, "seed": [0, 1],
                    "key": ["a", "b"], "accuracy": [44.0, 46.0]})  # fmt: skip
OTHER = {"dataset": "shapes", "images": 6000, "evaluate_on": "held_out", "size": 32}


def tables(pixels: float = 40.0) -> dict[str, pd.DataFrame]:
    """With floors of other runs, which have an absurd accuracy."""
    others = [planted_floor(ARM.assign(**{name: value}), 99.0, 99.0) for name, value in OTHER.items()]
    own = planted_floor(ARM, pixels, 29.0)
    supervised = own[own["backbone"] == "resnet8"].assign(epochs=3, accuracy=80.0)
    return {"floor": pd.concat([*others, own, supervised], ignore_index=True)}


def levels(lines: pd.DataFrame) -> dict[str, float]:
    return dict(zip(lines["label"], lines["accuracy"], strict=True))


def test_lines_are_those_of_the_same_images_size_and_readout() -> None:
    expected = {"raw pixels": 40.0, "untrained network": 29.0, "trained with labels": 80.0}
    assert levels(floor.lines(tables(), ARM)) == expected
    of = tables()["floor"]
    of.loc[of["readout"] == "linear_probe", "accuracy"] = 7.0
    assert levels(floor.lines({"floor": of}, ARM, "linear_probe")) == dict.fromkeys(expected, 7.0)


def test_what_was_not_run_has_no_line() -> None:
    assert levels(floor.lines({}, ARM)) == {}
    assert levels(floor.lines(tables(), ARM.assign(size=64))) == {}
    assert levels(floor.lines(tables(), ARM.head(0))) == {}
    of = tables()["floor"]
    assert "raw pixels" not in levels(floor.lines({"floor": of[of["backbone"] != "pixels"]}, ARM))


@pytest.mark.parametrize(("pixels", "present"), [(39.9, True), (40.0, True), (40.1, False), (float("nan"), False)])
def test_five_points_above_the_pixels(pixels: float, present: bool) -> None:
    mechanism = floor.above_pixels("the arm", lambda tables: ARM)
    assert mechanism.present(tables(pixels)) is present
    assert mechanism.seen(tables(40.1)) == "the arm 45.0 %, raw pixels 40.1 %"
    assert set(mechanism.rows(tables(pixels))["key"]) == {"a", "b", "floor"}
    assert mechanism.absent == "the arm (mean over the seeds) lies less than 5 points above kNN on raw pixels"


def test_without_pixels_the_mechanism_is_not_measured() -> None:
    with pytest.raises(KeyError, match="floor"):
        floor.above_pixels("the arm", lambda tables: ARM).present({})


def test_the_arms_near_the_pixels_are_named() -> None:
    means = pd.DataFrame({"layer": ["BN", "GN", "IN"], "mean": [45.0, 44.9, 31.0]})
    levels = floor.lines(tables(), ARM)
    assert floor.in_words(means, levels, by="layer") == "Less than 5 points above raw pixels (40.0 %): GN; IN."
    assert floor.in_words(means.head(1), levels, by="layer").endswith("(40.0 %): none of these.")
    assert floor.in_words(means, levels[levels["label"] != "raw pixels"], by="layer") == ""
    means["mean"] -= 3
    assert floor.in_words(means, levels, by="layer").endswith(": BN; GN; IN. Below the untrained network (29.0 %): IN.")
