"""The settings of a run, side by side: its fields and the options of its parts, by name."""

from typing import Any

Settings = dict[str, Any]  # what type a value has is said by the field or the option that it sets
