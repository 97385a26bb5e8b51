"""Kinds of processor: runs of one kind may be compared seed by seed, and runs of two may not.

A kind is what decides a run's last digits, and so after some epochs its numbers: which card, or which family of
processors with which instructions, and the precision. Other runs of the same seed differ for reasons of their own.
"""

import re
from collections.abc import Collection, Iterable, Mapping

FAMILIES = ("epyc", "xeon", "ryzen", "threadripper", "core", "apple", "neoverse")  # in a processor's name
MAKERS = ("nvidia", "amd", "intel", "geforce", "instinct", "tesla")  # in a card's name, and no part of the kind
INSTRUCTIONS = {"(AMX)": "amx", "(AVX-512)": "avx512"}  # as `machine.cpu_model` writes them behind a name
ARM = ("apple", "neoverse", "arm", "aarch64")
Provenance = Mapping[str, object]
MADE_ON = "made_on"  # the column of tables of runs that has their kind


def kind(provenance: Provenance) -> str:
    """`epyc-avx2-fp32`, `xeon-amx-bf16`, `h100-fp32`: a word for file names and tables."""
    return f"{processor(provenance)}-{provenance['precision']}"


def processor(provenance: Provenance) -> str:
    """The same without the precision: what decides how long a run takes."""
    device = str(provenance["device"])
    return _processor(str(provenance["cpu"])) if device == "cpu" else _card(device)


def kinds(provenances: Iterable[Provenance]) -> list[str]:
    """Each kind once, sorted."""
    return sorted({kind(one) for one in provenances})


def two_kinds(keys: Mapping[int, Collection[str]], provenances: Mapping[str, Provenance]) -> str:
    """Says of which seed the runs are of two kinds, whose difference would pass for one of the arms; else nothing.

    `keys` by seed, and the provenances by key.
    """
    for seed in sorted(keys):
        if mixed := of_several(provenances[key] for key in keys[seed] if key in provenances):
            return f"its runs with seed {seed} are {mixed}"
    return ""


def of_several(provenances: Iterable[Provenance]) -> str:
    """`of 2 kinds of processor: h100-fp32, xeon-amx-bf16`; of one kind nothing."""
    found = kinds(provenances)
    return f"of {len(found)} kinds of processor: {', '.join(found)}" if len(found) > 1 else ""


def on_card(provenance: Provenance) -> bool:
    return provenance["device"] != "cpu"


def minutes(provenance: Provenance) -> float:
    """Of the processor's cores, or of the card."""
    threads = 1 if on_card(provenance) else int(str(provenance["threads"]))
    return float(str(provenance["seconds"])) * threads / 60


def _processor(name: str) -> str:
    """`AMD EPYC` is without a word on its instructions one of AVX2, as all are on which such runs were made."""
    words = _words(name)
    family = next((word for word in FAMILIES if word in words), "arm" if words & {*ARM} else "cpu")
    widest = next((text for said, text in INSTRUCTIONS.items() if said in name), "avx2")
    instructions = "neon" if words & {*ARM} else widest
    return f"{family}-{instructions}"


def _card(name: str) -> str:
    """Its model: the first word with a digit, as in `NVIDIA H100 80GB HBM3` and `NVIDIA A100-SXM4-40GB`."""
    words = [word for word in re.findall(r"[a-z0-9]+", name.lower()) if word not in MAKERS]
    return next((word for word in words if re.search(r"\d", word)), "-".join(words) or "gpu")


def _words(name: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", name.lower()))
