"""Records of an earlier recipe: whole, read by name only, and judging nothing."""

import json
from pathlib import Path

import pytest

from anatomy import studies
from anatomy.errors import InputError
from anatomy.storage.archive import archived, archived_study
from anatomy.storage.record import published
from anatomy.study import request
from anatomy.study.request import PUBLISHED
from anatomy.study.study import Study


@pytest.fixture(scope="module")
def earlier() -> Study:
    found = Study("score_visualization", preset="smoke").as_archived()
    assert found is not None
    return found


def test_every_archived_record_is_whole_and_of_one_room() -> None:
    """Reading checks each digest; a key lies in one room, so that no reader finds two records of a run."""
    there = published(PUBLISHED / "archive")
    assert len(there) == 426
    assert not there.keys() & published(PUBLISHED).keys()
    assert all(record["run"].get("epochs") != 0 for record in there.values())


@pytest.mark.parametrize(
    "chapter", sorted(set(studies.names()) - {"loss_family", "robustness"})
)  # younger than the recipe
def test_the_stages_name_all_that_was_asked_for_then(chapter: str) -> None:
    then = archived_study(PUBLISHED, chapter)
    assert then is not None
    assert {key for keys in then["stages"].values() for key in keys} <= archived(PUBLISHED).keys()
    assert {"paper", "floor"} <= then["stages"].keys()


def test_published_reads_no_folder_below_it(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "0123456789abcdef.json").write_text("{")
    assert published(tmp_path) == {}
    with pytest.raises(InputError, match=r"archive/0123456789abcdef.json cannot be used"):
        archived(tmp_path)


def test_an_earlier_study_has_its_tables_and_trains_nothing(earlier: Study) -> None:
    knn = earlier.tables["knn"]
    assert set(knn["stage"]) == {"paper", "tuning", "best"}
    assert set(earlier.tables["floor"]["backbone"]) == {"pixels", "resnet8"}
    assert (earlier.seeds, earlier.preset.seeds, earlier.preset.name) == ((0, 1, 2), (0, 1, 2), "overnight")
    assert len(earlier.found) == len(earlier.keys) == 76
    assert earlier.train().left == []
    assert earlier.provenance()["archived"] is True


def test_an_earlier_study_judges_nothing(earlier: Study) -> None:
    """Its tables would decide several claims."""
    verdicts = [one for row in earlier.verdicts() for one in row.verdicts]
    assert len(verdicts) == 12
    assert {(one.verdict.word, one.verdict.note, one.runs) for one in verdicts} == {
        ("not run", "these runs are of an earlier recipe, and judge nothing", ())
    }


def test_an_earlier_study_stands_in_until_one_has_every_arm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(request, "PUBLISHED", tmp_path)
    assert Study("normalization", preset="smoke").as_archived() is None
    (tmp_path / "archive" / "stages").mkdir(parents=True)
    record = published(PUBLISHED / "archive")[key := "00e7d4167e2ce22e"]
    (tmp_path / "archive" / f"{key}.json").write_text(json.dumps(record))
    stages = {"preset": "overnight", "dataset": "cifar10", "stages": {"paper": [key]}}
    (tmp_path / "archive" / "stages" / "normalization.json").write_text(json.dumps(stages))
    smoke = Study("normalization", preset="smoke")
    found = smoke.with_every_arm()
    assert (found.request.records, found.keys) == ("archive", [key])
    assert smoke.as_published() is None
