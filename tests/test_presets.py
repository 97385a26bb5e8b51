"""Presets, and what a chapter has otherwise at one."""

from dataclasses import replace

import pytest

from anatomy import studies
from anatomy.study import presets


def test_a_chapter_may_have_a_size_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it does not say stays the preset's, and no other chapter or preset sees it."""
    own = {"x": {"epochs": 3, "seeds": (7,)}}
    monkeypatch.setattr(studies, "sizes", lambda chapter: own if chapter == "a" else {})
    preset = presets.Preset("x", "shapes", (0, 1), {"epochs": 2, "size": 16})
    assert preset.of("a").run == {"epochs": 3, "size": 16}
    assert preset.of("a").seeds == (7,)
    assert preset.of("b") == preset
    assert replace(preset, name="y").of("a").run == preset.run
    assert own["x"] == {"epochs": 3, "seeds": (7,)}


def test_every_size_of_a_chapter_is_a_presets() -> None:
    assert all(set(studies.sizes(chapter)) <= set(presets.PRESETS) for chapter in studies.names())
