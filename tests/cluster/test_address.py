"""Where the workers are: what --cluster takes, and the sentence for what it does not."""

import sys
from pathlib import Path

import pytest

from anatomy.cluster.address import Place, place_of, warning
from anatomy.errors import InputError
from anatomy.study.study import Study
from tiny import one_line


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ("local:4", Place("local", workers=4)),
        ("10.0.0.5:8786", Place("scheduler", address="tcp://10.0.0.5:8786")),
        ("tls://head.lab:8786", Place("scheduler", address="tls://head.lab:8786")),
        ("tcp://[fd00::1]:8786", Place("scheduler", address="tcp://[fd00::1]:8786")),
    ],
)
def test_what_is_taken(given: str, place: Place) -> None:
    assert place_of(given) == place


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("local:0", "local: is followed by 1 to 1024 workers; try local:2"),
        ("local:many", "try local:2"),
        ("local", "it must be local:N"),
        ("tcp://head:99999", "a port is 1 to 65535"),
        ("http://head:80", "it must be local:N"),
        ("nowhere.toml", "which cannot be read: No such file"),
    ],
)
def test_what_is_not(given: str, said: str) -> None:
    with pytest.raises(InputError) as wrong:
        place_of(given)
    assert said in one_line(str(wrong.value))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind = ", "is no TOML"),
        ("workers = 4", "kind is None; known: local, pbs, scheduler, slurm, ssh"),
        ('kind = "slrum"', "did you mean slurm?"),
        ('kind = "slurm"\nworker = 4', "unknown key 'worker' of kind slurm; did you mean workers?"),
        ('kind = "slurm"\nworkers = 4\naddress = "tcp://a:1"', "unknown key 'address' of kind slurm"),
        ('kind = "slurm"\nworkers = "4"', "workers is '4', but it must be of type int"),
        ('kind = "slurm"\nworkers = true', "workers is True, but it must be of type int"),
        ('kind = "slurm"', "needs 'workers'"),
        ('kind = "slurm"\nworkers = 5000', "it must be 1 to 1024"),
        ('kind = "ssh"\nhosts = ["a"]', "hosts has 1 name"),
        ('kind = "scheduler"\naddress = "head"', "it must be such as tls://"),
        ('kind = "scheduler"\naddress = "tls://a:1"\ntls = {ca_file = "x"}', "tls must name exactly"),
        (
            'kind = "scheduler"\naddress = "tls://a:1"\n[tls]\nca_file = "/x"\ncert = "/x"\nkey = "/x"',
            "which is no file",
        ),
    ],
)
def test_a_wrong_file(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "cluster.toml"
    file.write_text(text)
    with pytest.raises(InputError) as wrong:
        place_of(str(file))
    assert said in one_line(str(wrong.value))


def test_a_sound_file(tmp_path: Path) -> None:
    file = tmp_path / "cluster.toml"
    file.write_text('kind = "slurm"\nworkers = 4\nweights = true\n[options]\ncores = 1\nmemory = "4GB"\n')
    place = Place("slurm", workers=4, weights=True, options={"cores": 1, "memory": "4GB"})
    assert place_of(str(file)) == place


@pytest.mark.parametrize(
    ("given", "warned"),
    [
        ("8.8.8.8:8786", True),
        ("head.example.org:8786", True),
        ("tls://8.8.8.8:8786", False),
        ("127.0.0.1:8786", False),
        ("10.1.2.3:8786", False),
        ("head:8786", False),
        ("[::1]:8786", False),
        ("local:2", False),
    ],
)
def test_a_plain_address_on_the_internet_is_warned_about(given: str, warned: bool) -> None:
    assert bool(warning(place_of(given))) == warned


def test_without_the_extra_the_command_that_installs_it_is_named(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    study = Study("dictionary_size", preset="smoke", records="ignore", cluster="local:2")
    with pytest.raises(InputError) as wrong:
        study.train()
    said = one_line(str(wrong.value))
    assert said.startswith("cluster needs Dask, which is not installed here; install it with make cluster (or pip ")
    assert not store.exists()


def test_workers_and_a_cluster_exclude_each_other(store: Path) -> None:
    with pytest.raises(InputError, match="workers is 2 and cluster is 'local:2'.*leave one of them out"):
        Study("dictionary_size", preset="smoke", workers="2", cluster="local:2")
    assert not store.exists()
