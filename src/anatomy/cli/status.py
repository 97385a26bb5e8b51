"""`anatomy status`: how far each chapter is, and which claims can be judged."""

import argparse

from anatomy.cli.flags import check_no_rest
from anatomy.cli.known import known_studies
from anatomy.cli.parser import Parser, common_flags
from anatomy.study.study import Study
from anatomy.study.waiting import Waiting, waiting


def flags(parser: Parser) -> None:
    parser.epilog = (
        "A claim is ready where every run of the arms that it reads is in the store or published. Of a study that has "
        "any run, the others are listed with what they wait for, and for how long if runs on this kind of processor "
        "show it; `anatomy plan` measures it."
    )
    common_flags(parser, "store", "data-root")


def main(known: argparse.Namespace, rest: list[str]) -> int:
    check_no_rest(rest)
    for study in known_studies(known):
        own = {key: record for key in study.keys if (record := study.store.record(key)) is not None}
        there = {key: study.published[key] for key in study.keys if key in study.published}
        print(
            f"{study.chapter:<22} {study.preset.name:<10} {study.dataset:<10} "
            f"{len(own)} of {len(study.keys)} runs in the store, {len(there)} published"
        )
        if own or there:
            print(*lines(study, waiting(study, there | own)), sep="\n")
    return 0


def lines(study: Study, claims: list[Waiting]) -> list[str]:
    """One line with the claims that are ready, then one for each that waits."""
    at_once = study.request.workers or study.preset.workers or study.request.machine.runs_at_once()
    ready = [claim.id for claim in claims if not claim.runs]
    waits = [
        f"  {claim.id} waits for {claim.runs} run{'s' * (claim.runs > 1)}{about(claim.seconds, at_once)}"
        for claim in claims
        if claim.runs
    ]
    return [f"  ready: {', '.join(ready) or 'no claim'}", *waits]


def about(seconds: float | None, at_once: int) -> str:
    """`, about 12 minutes`, of so many runs at a time."""
    if seconds is None:
        return ""
    minutes = max(1, round(seconds / at_once / 60))
    return f", about {minutes} minute{'s' * (minutes > 1)}"
