"""What a run is trained on: it changes how fast numbers come, and belongs to the provenance, not to the key.

No torch at import time, so that a page can be rendered from records without it.
"""

import os
import platform
import subprocess
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path

from anatomy.errors import InputError

PRECISIONS = ("auto", "fp32", "bf16")
COMPILE = ("auto", "yes", "no")
MAX_WORKERS = 1024  # threads or worker processes; a mistyped number must not fill the machine
WIDEST = {"amx_bf16": " (AMX)", "avx512f": " (AVX-512)"}  # behind a processor's name, by the flag that tells


@dataclass(frozen=True)
class Machine:
    """Device, precision, threads and compilation of one process; `auto` is resolved by measuring (`cost.make_plan`)."""

    device: str = "auto"
    precision: str = "auto"  # one of PRECISIONS
    threads: int = 0  # 0: nobody asked for a number, and it is 1
    compile: str = "auto"  # one of COMPILE; torch.compile of the backbones
    gpu: str = ""  # what the card is called, once the device is found

    def resolved(self) -> "Machine":
        """With the device found. InputError if the one asked for is not there."""
        import torch

        cards = torch.cuda.device_count() if torch.cuda.is_available() else 0
        device = ("cuda" if cards else "cpu") if self.device == "auto" else self.device
        try:
            asked = torch.device(device)
        except RuntimeError:
            asked = torch.device("meta")
        if asked.type not in ("cpu", "cuda"):
            raise InputError(f"device is {self.device!r}, but it must be auto, cpu or cuda; try auto")
        resolved = replace(self, threads=self.threads or 1)
        if asked.type == "cpu":
            return replace(resolved, device="cpu")
        if not cards:
            raise InputError(f"device is {self.device!r}, but torch {torch.__version__} sees no GPU here; try cpu")
        if (asked.index or 0) >= cards:
            raise InputError(f"device is {self.device!r}, but the last GPU here is cuda:{cards - 1}; try that")
        return replace(resolved, device=device, gpu=torch.cuda.get_device_name(asked))

    def check_device(self) -> None:
        """InputError for a device that is not there, before a worker is started. Imports torch only for a GPU."""
        if self.device not in ("auto", "cpu"):
            self.resolved()

    def runs_at_once(self) -> int:
        """As many as cores hold, each on its own threads; on a GPU one. Of `auto`, what it is without a GPU."""
        return max(1, cores() // (self.threads or 1)) if self.device in ("cpu", "auto") else 1

    @property
    def where(self) -> str:
        """The name of what trains: a processor's or a card's, with its number where one was asked for."""
        number = f" ({self.device})" if ":" in self.device else ""
        return self.gpu + number if self.gpu else cpu_model()

    def describe(self) -> dict[str, object]:
        """Provenance: where, with what, from which commit."""
        import torch

        return {
            **{name: value for name, value in asdict(self).items() if name != "gpu"},
            "device": self.gpu or "cpu",
            "cpu": cpu_model(),
            "torch": torch.__version__,
            "python": platform.python_version(),
            "anatomy": version("anatomy") if _installed() else "source",
            "commit": commit(),
        }


def cpu_model() -> str:
    """The processor's name, as the system tells it, and the widest of the instructions that decide its last digits."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        text = info.read_text()
        for line in text.splitlines():
            if line.startswith("model name"):
                widest = next((said for flag, said in WIDEST.items() if flag in text), "")
                return line.partition(":")[2].strip() + widest
    return platform.processor() or platform.machine()


def commit() -> str:
    """The commit of the checkout that this code lies in, with + if it was changed since; unknown outside of git."""
    here = Path(__file__).parent
    try:
        asked = ["git", "describe", "--always", "--abbrev=12", "--dirty=+", "--exclude=*"]
        said = subprocess.run(asked, cwd=here, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return said.stdout.strip()


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _installed() -> bool:
    from importlib.metadata import PackageNotFoundError

    try:
        return bool(version("anatomy"))
    except PackageNotFoundError:
        return False
