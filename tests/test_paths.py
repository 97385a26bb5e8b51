"""Paths that somebody gave: as ever, or in one sentence why they cannot be looked at."""

from pathlib import Path

import pytest

from anatomy.errors import InputError
from anatomy.paths import called, given_path
from anatomy.runs import parts
from anatomy.storage.store import Store
from anatomy.study.study import Study


def test_the_home_folder_is_spelled_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert given_path("~/data", "store") == tmp_path / "data"
    assert given_path("data", "store") == Path("data")
    monkeypatch.setenv("ANATOMY_STORE", "~/runs")
    assert Store().root == tmp_path / "runs"
    (tmp_path / "mine.py").write_text("def my_loss(positive, negatives, *, weight: float = 1.0):\n    return 0\n")
    assert parts.place_of("loss", "~/mine.py:my_loss") == tmp_path / "mine.py"


def test_a_home_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(self: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", unknown)
    with pytest.raises(InputError, match="the home folder of this user is not known here; write the path from / on"):
        given_path("~/data", "store")


NOBODY = "~nobody_here/data"
ASKED = {
    "store": lambda: Store(NOBODY),
    "data_root": lambda: Study("dictionary_size", preset="smoke", data_root=NOBODY),
    "loss": lambda: parts.place_of("loss", f"{NOBODY}/mine.py:my_loss"),
}


@pytest.mark.parametrize("what", ASKED)
def test_a_folder_of_nobody(what: str) -> None:
    with pytest.raises(InputError) as rejected:
        ASKED[what]()
    assert str(rejected.value).startswith(f"{what} is '{NOBODY}")
    assert "but there is no user 'nobody_here' here; write the path from / on" in str(rejected.value)


def test_an_environment_that_names_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANATOMY_STORE", NOBODY)
    with pytest.raises(InputError, match="ANATOMY_STORE is '~nobody_here/data', but there is no user"):
        Store()


@pytest.mark.parametrize("given", ["a" * 5000, "a\0b"])
def test_a_path_that_no_file_can_have(given: str) -> None:
    with pytest.raises(InputError, match="which cannot be looked at: .*; name another place"):
        given_path(given, "store")


def test_a_loop_of_links(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("a")
    with pytest.raises(InputError, match="which cannot be looked at: "):
        given_path(tmp_path / "a" / "b", "store")


def test_a_name_in_the_form_that_is_there() -> None:
    mac, linux = "Ka\u0308fer", "K\u00e4fer"
    assert called(linux, ["b", mac]) == mac
    assert called(linux, [mac, linux]) == linux
    assert called(mac, [mac, linux]) == mac
    assert called("Kafer", [mac, linux]) is None
