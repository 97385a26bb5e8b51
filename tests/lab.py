"""A JupyterLab as `make lab` opens it, with settings, state and runs of its own, for a browser to look at."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60  # seconds, for the server to answer
OWN = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR",
       "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR", "ANATOMY_STORE")  # fmt: skip


def flags() -> list[str]:
    """Those that the Makefile gives it."""
    found = re.search(r"^NO_NEWS = ((?:.*\\\n)*.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert found
    return found[1].replace("\\\n", " ").replace("$(CURDIR)", str(ROOT)).split()


@contextmanager
def lab(folder: Path, state: Path) -> Iterator[str]:
    """The address of one that shows the files of `folder`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", *flags(), "--no-browser", "--allow-root", "--ip=127.0.0.1",
               f"--port={port}", "--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True",
               f"--ServerApp.root_dir={folder}"]  # fmt: skip
    own = {name: str(state / name.lower()) for name in OWN} | {"OMP_NUM_THREADS": "1"}
    with (state / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=os.environ | own, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(PATIENCE)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(address).close()  # of this machine
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("JupyterLab does not answer; see server.log beside its state")
