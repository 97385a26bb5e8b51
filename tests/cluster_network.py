"""Machines of a cluster on one: each a network namespace of its own, with its own disk and without our store.

Needs Linux, root and `ip`. A bridge 10.77.0.1 joins them; the scheduler is in the first namespace, workers in others.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
BRIDGE, NET = "anat0", "10.77.0"
ADDRESS = f"tcp://{NET}.2:8786"


def privilege() -> str:
    """Why there can be no namespaces here, or nothing."""
    if not sys.platform.startswith("linux") or not shutil.which("ip"):
        return "network namespaces need Linux and the program ip"
    tried = subprocess.run(["ip", "netns", "add", "anat-try"], capture_output=True, text=True)
    subprocess.run(["ip", "netns", "del", "anat-try"], capture_output=True)
    return "" if tried.returncode == 0 else f"no privilege for network namespaces ({tried.stderr.strip()})"


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@dataclass
class Machine:
    """One namespace, and what runs in it."""

    number: int  # its address is 10.77.0.NUMBER
    folder: Path  # its own disk
    hidden: Path | None  # a folder that it does not see
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"anat{self.number}"

    def start(self, module: str, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        """A module of Python there, in a process group of its own; what it says goes to its folder."""
        hide = f"mount -t tmpfs none {self.hidden} && " if self.hidden else ""
        command = ["ip", "netns", "exec", self.name, "sh", "-c", f'{hide}exec "$@"', "sh"]
        paths = os.pathsep.join([str(HERE.parent / "src"), str(HERE)])
        variables = {"PYTHONPATH": paths, "ANATOMY_SCRATCH": str(self.folder), "OMP_NUM_THREADS": "1"}
        with (self.folder / "said").open("ab") as said:
            process = subprocess.Popen(
                [*command, sys.executable, "-m", module, *words],
                env={**os.environ, **variables, **environment},
                stdout=said,
                stderr=said,
                start_new_session=True,
                cwd=self.folder,
            )
        self.processes.append(process)
        return process

    def worker(self, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        given = [ADDRESS, "--nthreads", "1", "--no-dashboard", "--death-timeout", "300", *words]
        return self.start("distributed.cli.dask_worker", *given, **environment)

    def cut(self, on: bool) -> None:
        """Pull the cable, or put it back."""
        ip("link", "set", f"{self.name}h", "down" if on else "up")

    def trains(self) -> list[int]:
        """Numbers of the processes that train: the children of the nanny."""
        listed = subprocess.run(["ip", "netns", "pids", self.name], capture_output=True, text=True).stdout
        return [number for number in map(int, listed.split()) if "spawn_main" in command_of(number)]

    def kill(self) -> bool:
        """SIGKILL the worker's process; its nanny starts another."""
        alive = self.trains()
        for number in alive:
            os.kill(number, signal.SIGKILL)
        return bool(alive)

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()
        self.kill()


def command_of(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@contextmanager
def network(count: int, folder: Path, hidden: Path | None) -> Iterator[tuple[Machine, list[Machine]]]:
    """(the scheduler's machine, so many for workers); all is gone afterwards."""
    machines = [Machine(number, folder / str(number), hidden) for number in range(2, 3 + count)]
    if hidden:
        hidden.mkdir(parents=True, exist_ok=True)
    try:
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("addr", "add", f"{NET}.1/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        for machine in machines:
            machine.folder.mkdir(parents=True)
            join(machine)
        yield machines[0], machines[1:]
    finally:
        for machine in machines:
            machine.end()
            subprocess.run(["ip", "netns", "del", machine.name], capture_output=True)
        subprocess.run(["ip", "link", "del", BRIDGE], capture_output=True)


def join(machine: Machine) -> None:
    """A cable from the bridge into a new namespace."""
    name = machine.name
    ip("netns", "add", name)
    ip("link", "add", f"{name}h", "type", "veth", "peer", "name", "eth0", "netns", name)
    ip("link", "set", f"{name}h", "master", BRIDGE, "up")
    ip("-n", name, "addr", "add", f"{NET}.{machine.number}/24", "dev", "eth0")
    ip("-n", name, "link", "set", "eth0", "up")
    ip("-n", name, "link", "set", "lo", "up")


def scheduler(machine: Machine) -> subprocess.Popen[bytes]:
    return machine.start("distributed.cli.dask_scheduler", "--host", f"{NET}.{machine.number}", "--no-dashboard")


def wait(true: object, seconds: float, what: str) -> None:
    """AssertionError where it does not become true in time."""
    over = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < over, f"after {seconds:.0f} s still not: {what}"
        time.sleep(0.05)
