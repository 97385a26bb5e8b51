"""A run: what its key depends on, how it is written and read back, and every bad value's one sentence."""

import json
import re
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest

from anatomy.errors import InputError
from anatomy.hardware.machine import Machine
from anatomy.runs import parts
from anatomy.runs.config import Run, valid_run
from anatomy.runs.kinds import Part

BASE: dict[str, Any] = {"temperature": 0.1}
DUAL: dict[str, Any] = {
    "loss": "dual_temperature",
    "temperature_intra": 0.1,
    "temperature_inter": inf,
}

# --- bad input: one sentence that names the value, the rule and the nearest choice

BAD: list[tuple[dict[str, Any], str]] = [
    # unknown names
    ({"method": "simlcr"}, "unknown method 'simlcr'; did you mean simclr?"),
    ({"loss": "info_nec"}, "unknown loss 'info_nec'; did you mean info_nce?"),
    ({"backbone": "resnet19"}, "unknown backbone 'resnet19'; did you mean resnet18?"),
    ({"projector": "mpl"}, "unknown projector 'mpl'; did you mean mlp?"),
    ({"views": "standart"}, "unknown views 'standart'; did you mean standard?"),
    ({"recorders": "hardnes"}, "unknown recorder 'hardnes'; did you mean hardness?"),
    ({"recorders": "hardness,score"}, "unknown recorder 'score'; did you mean scores?"),
    ({"measures": ("knn", "kn")}, "unknown measure 'kn'; did you mean knn?"),
    ({"temprature": 0.2}, "unknown parameter 'temprature'; did you mean temperature?"),
    ({"epoch": 3}, "unknown parameter 'epoch'; did you mean epochs?"),
    ({"queue_size": 8}, "unknown parameter 'queue_size'; did you mean"),  # simclr has none
    ({"method.momentum": 0.9}, "unknown parameter 'method.momentum'"),
    # names that are none
    ({"method": 5}, "method is 5, but it must be a name such as"),
    ({"method": None}, "method is None, but it must be a name such as"),
    ({"recorders": 5}, "recorders is 5, but it must be a name such as"),
    ({"dataset": 5}, "dataset is 5, but it must be a valid string (the default is 'shapes')"),
    # numbers
    ({"epochs": -3}, "epochs is -3, but it must be greater than or equal to 0 (the default is 5)"),
    ({"backbone": "pixels"}, "backbone 'pixels' has nothing to train, but epochs is 5; try epochs 0"),
    ({"epochs": 1.5}, "epochs is 1.5, but it must be a valid integer"),
    ({"epochs": "many"}, "epochs is 'many', but it must be a valid integer"),
    ({"batch_size": 0}, "batch_size is 0, but it must be greater than or equal to 1"),
    ({"images": 0}, "images is 0, but it must be greater than or equal to 1"),
    ({"size": -1}, "size is -1, but it must be greater than or equal to 1"),
    ({"seed": "x"}, "seed is 'x', but it must be a valid integer"),
    ({"seed": -1}, "seed is -1, but it must be greater than or equal to 0 (the default is 0)"),
    ({"seed": None}, "seed is None, but it must be a valid integer"),
    ({"temperature": 0}, "temperature is 0, but it must be greater than 0"),
    ({"temperature": -0.1}, "temperature is -0.1, but it must be greater than 0"),
    ({"temperature": "cold"}, "temperature is 'cold', but it must be a valid number"),
    ({"temperature": nan}, "temperature is nan, but it must be a finite number"),
    ({"temperature": "nan"}, "temperature is 'nan', but it must be a finite number"),
    ({"temperature": inf}, "temperature is inf, but it must be a finite number"),
    ({"temperature": [0.1]}, "temperature is [0.1], but it must be a valid number"),
    ({"learning_rate": 0}, "learning_rate is 0, but it must be greater than 0 (the default is 0.12)"),
    ({"learning_rate": "inf"}, "learning_rate is 'inf', but it must be a finite number"),
    ({"weight_decay": -1e-4}, "weight_decay is -0.0001, but it must be greater than or equal to 0"),
    ({"warmup": 1.5}, "warmup is 1.5, but it must be less than or equal to 1 (the default is 0.1)"),
    ({"warmup": nan}, "warmup is nan, but it must be"),
    ({"sgd_momentum": 2}, "sgd_momentum is 2, but it must be less than or equal to 1"),
    ({"record_every": 0}, "record_every is 0, but it must be greater than or equal to 1"),
    ({"method": "mocov2", "momentum": 1.1}, "momentum is 1.1, but it must be less than or equal to 1"),
    ({"method": "mocov2", "queue_size": 0}, "queue_size is 0, but it must be greater than"),
    ({"width": 0}, "width is 0, but it must be greater than or equal to 1 (the default is 16)"),
    ({"crop_min": 2}, "crop_min is 2, but it must be less than or equal to 1 (the default is 0.2)"),
    ({"evaluate_on": "tset"}, "evaluate_on is 'tset', but it must be 'held_out' or 'test'"),
    (DUAL | {"temperature_inter": nan}, "temperature_inter is nan, but it must be greater than 0"),
    (DUAL | {"temperature_intra": inf}, "temperature_intra is inf, but it must be a finite number"),
    # which of several is meant
    ({"loss.temperature": 0.2}, "'temperature' of 'info_nce' is given twice"),
    (
        {"measures": "hardness_grid,identities", "temperatures": (0.1,)},
        "write hardness_grid.temperatures or identities.temperatures",
    ),
    (
        {"measures": "hardness_grid", "recorders": "hardness", "temperatures": (0.1,)},
        "write recorder.temperatures or measure.temperatures",
    ),
]


@pytest.mark.parametrize(("given", "said"), BAD, ids=[str(given) for given, _ in BAD])
def test_bad_input_is_answered_in_one_sentence(given: dict[str, Any], said: str) -> None:
    base = {} if given.get("loss") == "dual_temperature" else BASE
    with pytest.raises(InputError, match=re.escape(said)) as caught:
        Run.of(**base | given)
    assert type(caught.value) is InputError
    assert "\n" not in str(caught.value)
    assert "pydantic" not in str(caught.value)


CLASSIFIERS = [name for name in parts.names("measure") if "classifier" in parts.wants("measure", name)]


def test_whatever_reads_logits_says_so() -> None:
    """Of any other embedding the entry of a label means nothing, and an attack on it gives a number all the same."""
    attacks = {"attack_identities", "class_ranks", "defense_costs", "local_linearity", "robust_accuracy"}
    assert set(CLASSIFIERS) == attacks | {"accuracy", "transferred_ranks"}


@pytest.mark.parametrize("measure", CLASSIFIERS)
@pytest.mark.parametrize("method", [BASE, {"method": "deacl", "teacher": "0" * 16}], ids=["simclr", "deacl"])
def test_labels_that_a_method_does_not_learn_are_not_attacked(method: dict[str, Any], measure: str) -> None:
    name = method.get("method", "simclr")
    said = f"measure '{measure}' asks for the logits of labels, which method '{name}' does not learn; try probe_under"
    with pytest.raises(InputError, match=re.escape(said)):
        Run.of(**method, measures=f"knn,{measure}")
    for learned in ("supervised", "adversarial"):
        Run.of(method=learned, measures=f"knn,{measure}")


def test_a_temperature_has_no_default() -> None:
    """It is what is studied."""
    with pytest.raises(InputError, match="loss 'info_nce' needs a value for 'temperature'"):
        Run.of()


@pytest.mark.parametrize("name", ["metod", "temperature"])
def test_a_record_with_a_foreign_field_is_rejected(name: str) -> None:
    with pytest.raises(InputError, match=name):
        valid_run({"loss": {"info_nce": {"temperature": 0.1}}, name: 1})


@pytest.mark.parametrize("device", ["cuda", "cuda:1"])
def test_a_device_that_is_not_there(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(InputError, match=rf"device is '{device}'.* sees no GPU here; try cpu"):
        Machine(device).resolved()


@pytest.mark.parametrize("device", ["gpu", "tpu", "mps", "", "cpu "])
def test_a_device_that_is_none(device: str) -> None:
    with pytest.raises(InputError, match="it must be auto, cpu or cuda; try auto"):
        Machine(device).resolved()


def test_bare_options_go_to_the_part_that_has_them() -> None:
    run = Run.of(method="mocov2", momentum=0.9, temperature=0.2, width=8, gray_share=0.0)
    assert run.method == Part(name="mocov2", options={"momentum": 0.9})
    assert run.loss.options == {"temperature": 0.2}
    assert run.backbone.options == {"width": 8}
    assert run.views.options == {"gray_share": 0.0}


@pytest.mark.parametrize("name", ["temperature", "loss.temperature", "info_nce.temperature"])
def test_the_dotted_form(name: str) -> None:
    assert Run.of(**{name: 0.3}) == Run.of(temperature=0.3)


def test_the_dotted_form_tells_parts_apart() -> None:
    given = {"recorders": "hardness", "measures": "hardness_grid,identities"}
    dotted = {"recorder.temperatures": (0.2,), "identities.temperatures": "0.3,0.4"}
    run = Run.of(**BASE, **given, **dotted)
    assert run.recorders[0].options == {"temperatures": (0.2,)}
    assert [m.options for m in run.measures] == [{}, {"temperatures": (0.3, 0.4)}]


def test_text_from_a_command_line_is_read() -> None:
    text = {"epochs": "3", "temperature": "0.1", "seed": "7", "recorders": "hardness,scores"}
    numbers = {"epochs": 3, "temperature": 0.1, "seed": 7, "recorders": ("hardness", "scores")}
    assert Run.of(**text) == Run.of(**numbers)
    assert Run.of(**BASE, measures="").measures == ()


def test_a_run_is_frozen() -> None:
    with pytest.raises(Exception, match="frozen"):
        Run.of(**BASE).epochs = 3


# --- parts that serve another

OWN_METHOD = "def mine(encoder, generator, *, share: float = 0.5):\n    return encoder\n"
OWN_NETWORK = "def net(*, width: int = 4):\n    return width\n"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A method that wants no loss, and a network that wants no norm."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(OWN_METHOD)
    (tmp_path / "net.py").write_text(OWN_NETWORK)
    return {"method": "mine.py:mine", "backbone": "net.py:net"}


def test_a_method_that_wants_no_loss_has_none(own: dict[str, Any]) -> None:
    run = Run.of(**own, share=0.25)
    assert {"loss", "transform", "norm"} & set(run.content()) == set()
    assert {field for field in ("loss", "transform", "norm", "projector") if run.uses(field)} == {"projector"}
    assert (run.flat()["loss"], run.flat()["norm"], run.flat()["share"]) == ("", "", 0.25)
    assert "temperature" not in run.flat()
    assert {"loss", "norm"} & {kind for kind, _ in run.all_parts()} == set()
    assert valid_run(json.loads(json.dumps(run.content()))) == run


@pytest.mark.parametrize(("given", "said"), [
    ({"loss": "decoupled"}, "loss is 'decoupled', but method 'mine.py:mine' takes no loss; leave loss out"),
    ({"temperature": 0.1}, "unknown parameter 'temperature'"),
    ({"norm": {"batch": {"groups": 3}}}, "norm is 'batch', but backbone 'net.py:net' takes no norm; leave norm out"),
    ({"transform": "nnone"}, "unknown transform 'nnone'; did you mean none?"),
])  # fmt: skip
def test_a_part_that_nothing_wants_is_rejected(own: dict[str, Any], given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        Run.of(**own | given)


# --- the key


def test_the_key_does_not_depend_on_the_order() -> None:
    one = Run.of(temperature=0.1, epochs=2, method="mocov2", momentum=0.9, queue_size=8)
    two = Run.of(queue_size=8, momentum=0.9, method="mocov2", epochs=2, temperature=0.1)
    assert one.key("d") == two.key("d")
    assert one.content() == two.content()


def test_defaults_are_left_out_of_the_key() -> None:
    bare = Run.of(method="mocov2", temperature=0.1)
    said = Run.of(method="mocov2", temperature=0.1, momentum=0.999, width=16, seed=0, epochs=5)
    assert (
        said.content()
        == bare.content()
        == {
            "method": {"mocov2": {}},
            "loss": {"info_nce": {"temperature": 0.1}},
        }
    )
    assert said.key("d") == bare.key("d")


def test_the_key_is_16_hex_digits_and_stays(tmp_path: Path) -> None:
    """Frozen: published records are found by it. Changing it loses them all."""
    key = Run.of(method="simco", temperature=0.1, epochs=2).key("0123456789abcdef")
    assert re.fullmatch(r"[0-9a-f]{16}", key)
    assert key == FROZEN_KEY


FROZEN_KEY = "0de5ab6c7eb26410"

CHANGES: list[dict[str, Any]] = [
    {"method": "simco"},
    {"loss": "decoupled"},
    {"temperature": 0.2},
    {"seed": 1},
    {"epochs": 6},
    {"batch_size": 128},
    {"images": 100},
    {"dataset": "cifar10"},
    {"width": 8},
    {"hidden": 64},
    {"crop_min": 0.3},
    {"learning_rate": 0.13},
    {"evaluate_on": "test"},
    {"recorders": "hardness"},
    {"measures": "knn,identities"},
    {"vote_temperature": 0.2},
]


def test_every_change_is_another_key() -> None:
    runs = [Run.of(**BASE), *(Run.of(**BASE | change) for change in CHANGES)]
    assert len({run.key("d") for run in runs}) == len(runs)


def test_other_data_is_another_key() -> None:
    run = Run.of(**BASE)
    assert run.key("one") != run.key("two")


def test_a_users_file_is_part_of_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "mine.py"
    text = "def my_loss(positive, negatives, *, temperature: float):\n    return positive\n"
    mine.write_text(text)
    run = Run.of(loss="mine.py:my_loss", temperature=0.1)
    assert run.content()["loss"] == {"mine.py:my_loss": {"temperature": 0.1}}
    before = run.key("d")
    assert run.key("d") == before
    mine.write_text(text.replace("return positive", "return -positive"))
    assert run.key("d") != before
    mine.write_text(text)
    assert run.key("d") == before


# --- written and read back

RUNS = [
    Run.of(**BASE),
    Run.of(**DUAL),
    Run.of(**DUAL, method="mocov2", queue_size=8, momentum=0.5, recorders="hardness,scores"),
    Run.of(**BASE, measures="knn,hardness_grid", sizes=(15, 63), images=100, evaluate_on="test"),
    Run.of(**BASE, measures="", width=4, stem_stride=1, dimension=32, learning_rate=1e-3),
]


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.method.name)
def test_content_goes_through_json_and_back(run: Run) -> None:
    text = json.dumps(run.content(), allow_nan=False)
    again = valid_run(json.loads(text))
    assert again == run
    assert again.key("d") == run.key("d")
    assert again.flat() == run.flat()


def test_infinity_is_written_as_text() -> None:
    content = Run.of(**DUAL).content()
    assert content["loss"]["dual_temperature"]["temperature_inter"] == "inf"
    assert valid_run(content).loss.options["temperature_inter"] == inf


def test_flat_has_every_field_and_option_with_defaults() -> None:
    flat = Run.of(**DUAL, method="mocov2", queue_size=8).flat()
    expected = {
        "method": "mocov2",
        "loss": "dual_temperature",
        "backbone": "resnet8",
        "temperature_intra": 0.1,
        "temperature_inter": inf,
        "queue_size": 8,
        "momentum": 0.999,
        "symmetric": False,
        "width": 16,
        "dimension": 128,
        "gray_share": 0.2,
        "seed": 0,
        "epochs": 5,
        "batch_size": 256,
    }
    assert expected.items() <= flat.items()
    assert not {"recorders", "measures"} & set(flat)
