"""Where the workers of a study are: `local:4`, the address of a Dask scheduler, or a TOML file. Imports no Dask."""

import ipaddress
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from anatomy.errors import InputError, nearest
from anatomy.hardware.machine import MAX_WORKERS
from anatomy.paths import given_path
from anatomy.settings import Settings

KINDS = ("local", "scheduler", "slurm", "pbs", "ssh")
# Keys of a file, beside `kind`, and of what type each is.
KEYS: dict[str, type] = {"workers": int, "address": str, "tls": dict, "options": dict, "hosts": list, "weights": bool}
# Which of them a kind of cluster takes.
TAKES = {
    "local": {"workers"},
    "scheduler": {"address", "tls", "weights"},
    "slurm": {"workers", "options", "weights"},
    "pbs": {"workers", "options", "weights"},
    "ssh": {"hosts", "options", "weights"},
}
NEEDS = {"local": "workers", "scheduler": "address", "slurm": "workers", "pbs": "workers", "ssh": "hosts"}
TLS = {"ca_file", "cert", "key"}  # paths of PEM files
SCHEDULER = re.compile(r"(?:(tcp|tls|ws|wss)://)?(\[[^\]]+\]|[^:/\s]+):(\d{1,5})$")


@dataclass(frozen=True)
class Place:
    """A cluster as it was asked for."""

    kind: str  # one of KINDS
    workers: int = 0  # processes to start, or jobs to queue
    address: str = ""  # of a scheduler that runs
    hosts: tuple[str, ...] = ()  # of SSH: the scheduler's, then the workers'
    tls: Settings = field(default_factory=dict)  # TLS
    options: Settings = field(default_factory=dict)  # of Dask's own class for this kind
    weights: bool = (
        False  # whether a run's last checkpoint comes back too; where the disk is shared it lies there anyway
    )


def place_of(given: str) -> Place:
    """What `--cluster` says. InputError for what is none of the three forms."""
    if given.startswith("local:"):
        return Place("local", workers=_count(given, given.removeprefix("local:")))
    if given.endswith(".toml"):
        return _from_file(given_path(given, "cluster"))
    if match := SCHEDULER.match(given):
        return Place("scheduler", address=_scheduler(given, *match.groups()))
    raise InputError(
        f"cluster is {given!r}, but it must be local:N, a scheduler's address such as tcp://10.0.0.5:8786, or a file "
        "NAME.toml; try local:2"
    )


def warning(place: Place) -> str:
    """One line where what is sent can be read, and the scheduler commanded, by whoever shares the network."""
    host = place.address.rpartition(":")[0].partition("://")[2].strip("[]")
    if not host or place.address.startswith(("tls://", "wss://")) or _is_private(host):
        return ""
    return (
        f"{place.address} is neither on a private network nor encrypted: whoever reaches it can run code on its "
        "workers; use tls:// with certificates"
    )


def _is_private(host: str) -> bool:
    """Loopback or private; a name without a dot is one of the local network."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal"))


def _scheduler(given: str, protocol: str | None, host: str, port: str) -> str:
    if not 0 < int(port) < 2**16:
        raise InputError(f"cluster is {given!r}, but a port is 1 to 65535; Dask's own is 8786")
    return f"{protocol or 'tcp'}://{host}:{port}"


def _count(given: str, text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MAX_WORKERS:
        raise InputError(f"cluster is {given!r}, but local: is followed by 1 to {MAX_WORKERS} workers; try local:2")
    return int(text)


def _from_file(path: Path) -> Place:
    said = _read(path)
    kind = said.pop("kind", None)
    if kind not in KINDS:
        raise InputError(f"{path}: kind is {kind!r}; {nearest(str(kind), KINDS)}")
    for name, value in said.items():
        if name not in TAKES[kind]:
            raise InputError(f"{path}: unknown key {name!r} of kind {kind}; {nearest(name, TAKES[kind])}")
        if not isinstance(value, KEYS[name]) or isinstance(value, bool) is not (KEYS[name] is bool):
            raise InputError(f"{path}: {name} is {value!r}, but it must be of type {KEYS[name].__name__}")
    if not said.get(NEEDS[kind]):
        raise InputError(f"{path}: kind {kind} needs {NEEDS[kind]!r}, which is missing or empty")
    return _checked(path, Place(kind, **said | {"hosts": tuple(map(str, said.get("hosts", ())))}))


def _read(path: Path) -> Settings:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cluster is {str(path)!r}, which cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise InputError(f"{path} is no TOML: {str(error).splitlines()[0]}") from None


def _checked(path: Path, place: Place) -> Place:
    """What the keys' types alone do not decide."""
    if place.workers and not 1 <= place.workers <= MAX_WORKERS:
        raise InputError(f"{path}: workers is {place.workers}, but it must be 1 to {MAX_WORKERS}")
    if place.kind == "scheduler" and not SCHEDULER.match(place.address):
        raise InputError(f"{path}: address is {place.address!r}, but it must be such as tls://10.0.0.5:8786")
    if place.tls and place.tls.keys() != TLS:
        wrong = next(iter(sorted(place.tls.keys() ^ TLS)))
        raise InputError(f"{path}: tls must name exactly {', '.join(sorted(TLS))}; look at {wrong!r}")
    if place.kind == "ssh" and len(place.hosts) < 2:
        raise InputError(f"{path}: hosts has {len(place.hosts)} name; the first is the scheduler's, the others work")
    for name, file in place.tls.items():
        if not Path(str(file)).is_file():
            raise InputError(f"{path}: tls.{name} is {file!r}, which is no file")
    return place
