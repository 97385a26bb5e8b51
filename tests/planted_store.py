"""Runs that nobody trained: records with planted tables, in a store."""

from anatomy.hardware.machine import cpu_model
from anatomy.runs.config import Run
from anatomy.storage.record import Record, Table
from anatomy.study.study import Study

HERE = {"device": "cpu", "cpu": cpu_model()}
PROVENANCE = dict.fromkeys(("commit", "torch", "python", "anatomy", "precision", "compile"), "x") | HERE


def planted_record(key: str, run: Run, tables: dict[str, Table], seconds: float = 60.0) -> Record:
    made = {"threads": 1, "started": 1e9, "seconds": seconds, "sources": [], "first_losses": []}
    return {"key": key, "run": run.content(), "tables": tables, "provenance": PROVENANCE | made}


def plant(study: Study, run: Run, tables: dict[str, Table] | None = None, seconds: float = 60.0) -> None:
    """Keep a run in the study's store."""
    key = study.key(run)
    study.store.save_record(key, planted_record(key, run, tables or {"knn": {"accuracy": [50.0]}}, seconds))
