"""Runs that use another run's weights: trained after it, by its weights, and refused where these are not there."""

from pathlib import Path

import pytest
import torch
from replay import replay

from anatomy.data import digest
from anatomy.errors import InputError, RunFailed
from anatomy.runs.config import Run
from anatomy.scheduling.others import encoders, files_of, generations, has_weights
from anatomy.scheduling.timings import kind_of
from anatomy.scheduling.worker import Session, train_one
from anatomy.storage.checkpoint import state_of
from anatomy.storage.store import Store
from anatomy.training.replay import first_losses
from tiny import MACHINE, Here, swept, task, tiny

ABSENT = "0123456789abcdef"


def key(run: Run) -> str:
    return run.key(digest("shapes"))


def student_of(teacher: str, **changed: object) -> Run:
    return tiny(method="deacl", temperature=None, teacher=teacher, recorders="", views="whole", epochs=1, **changed)


TEACHER = tiny(recorders="", measures="", epochs=1)
STUDENT = student_of(key(TEACHER))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """With the student asked for first, and its teacher after it."""
    store = Store(tmp_path_factory.mktemp("store"))
    assert swept(store, [STUDENT, TEACHER]).left == []
    return store


def test_a_run_names_the_runs_that_it_uses() -> None:
    assert STUDENT.others == (key(TEACHER),)
    assert TEACHER.others == ()
    assert key(STUDENT) != key(student_of(ABSENT))
    assert kind_of(task(STUDENT, Store())) == kind_of(task(student_of(ABSENT), Store()))  # timed once


def test_generations() -> None:
    runs = {"a": student_of(ABSENT), key(TEACHER): TEACHER, "b": STUDENT}
    assert list(generations(runs)) == [["a", key(TEACHER)], ["b"]]


def test_the_student_has_its_teachers_weights(trained: Store) -> None:
    """As trained, in its own record's run and in its checkpoint, where a run that was stopped finds them."""
    payload = trained.checkpoint(key(TEACHER))
    assert payload is not None
    weights = state_of(payload, key(TEACHER))["training"]["method"]
    session = Session(task(STUDENT, trained), trained)
    for name, value in session.training.method.teacher.state_dict().items():
        assert torch.equal(value, weights[f"encoder.backbone.{name}"])
    assert trained.record(key(STUDENT))["run"]["method"] == {"deacl": {"teacher": key(TEACHER)}}


def test_weights_that_were_removed_are_made_again_where_they_are_used(trained: Store, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    swept(store, [TEACHER])
    (store.folder(key(TEACHER)) / "checkpoint").unlink()
    with pytest.raises(InputError, match=r"uses the weights of run \w+, of which .* has only the record; remove"):
        swept(store, [STUDENT])
    swept(store, [TEACHER])  # nobody uses them: the record is enough
    assert not has_weights(store, key(TEACHER))
    swept(store, [TEACHER, STUDENT])
    assert store.record(key(STUDENT))["tables"] == trained.record(key(STUDENT))["tables"]


def test_a_teacher_that_is_nowhere_is_named_before_anything_is_written(trained: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        swept(Store(tmp_path / "new"), [student_of(ABSENT)])
    assert str(error.value) == (
        f"deacl uses the weights of run {ABSENT}, which is not in the store {tmp_path / 'new'}: train that run first; "
        "known: none"
    )
    assert not (tmp_path / "new").exists()
    with pytest.raises(InputError, match=key(TEACHER)):  # the nearest that there is
        swept(trained, [student_of(ABSENT)])


def test_of_another_network_or_not_whole(trained: Store) -> None:
    with pytest.raises(InputError, match="features, but the student's backbone has .*; give both the same backbone"):
        swept(trained, [student_of(key(TEACHER), width=8)])
    damaged = {key(TEACHER): (files_of(STUDENT, trained)[key(TEACHER)][0], b"x" * 40)}
    with pytest.raises(RunFailed, match="which deacl uses, cannot be read: its bytes are not those that were written"):
        encoders(STUDENT, damaged)


def test_a_published_student_is_replayed_with_its_teacher_trained_anew(trained: Store, tmp_path: Path) -> None:
    """Records hold no weights. Without its teacher the student would learn from itself, and give other losses."""
    records = {each: trained.record(each) for each in (key(TEACHER), key(STUDENT))}
    of_student = {key(STUDENT): records[key(STUDENT)]}
    (row,) = replay(of_student, records, Store(tmp_path / "store"), None)
    assert row["run"] == "deacl resnet8 batch shapes fp32"
    assert row["moved"] <= 1e-8
    assert row["comparable"]
    assert has_weights(Store(tmp_path / "store"), key(TEACHER))
    assert first_losses(STUDENT, MACHINE, None) != pytest.approx(row["first_losses"], rel=1e-3)
    lost = records[key(TEACHER)] | {"tables": {"loss": {"epoch": [1], "loss": [9.0]}}}
    (row,) = replay(of_student, records | {key(TEACHER): lost}, Store(tmp_path / "store"), None)
    assert not row["comparable"]
    with pytest.raises(InputError, match=f"deacl uses the weights of run {key(TEACHER)}, which is not in the store"):
        list(replay(of_student, of_student, Store(tmp_path / "empty"), None))


class Late(Here):
    """No time is left for the first run."""

    def submit(self, fn, /, *args, **kwargs):
        return super().submit(late if fn is train_one and args[0].run == TEACHER else fn, *args, **kwargs)


def late(task: object) -> str:
    raise TimeoutError("stopped by the time limit")


def test_a_student_whose_teacher_was_left_is_left_too(tmp_path: Path) -> None:
    done = swept(Store(tmp_path), [STUDENT, TEACHER], executor=Late())
    assert set(done.left) == {key(STUDENT), key(TEACHER)}
