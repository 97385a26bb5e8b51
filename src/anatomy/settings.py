"""The settings of a run, side by side: its fields and the options of its parts, by name."""

from collections.abc import Iterable
from typing import Any

Settings = dict[str, Any]  # what type a value has is said by the field or the option that it sets
OF_DATA = ("dataset", "images", "evaluate_on", "size")  # which images a run sees, and how large


def only(settings: Settings, names: Iterable[str]) -> Settings:
    """Those of these names that are set."""
    return {name: settings[name] for name in names if name in settings}
