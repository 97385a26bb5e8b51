"""The box under a chapter's title: its answer in a few sentences, each bound to a verdict, with the numbers behind it.

Which claims answer a chapter, and the figure of each, is `SHORT` of `anatomy.readings`, named before the runs of the
night. Of the studies that a page rests on, the largest that judged a claim shows it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import exp

from anatomy.errors import NotPublished
from anatomy.readings import Short, decided_so_far, readings, short, unit, words
from anatomy.study.evidence import Evidence
from anatomy.study.study import Study
from anatomy.verdicts import Claim, Threshold, Verdict
from anatomy.verdicts.claim import SIZES
from anatomy.verdicts.combine import FEWER_SEEDS
from anatomy.verdicts.designs import seeds_of
from anatomy.verdicts.ledger import Judged
from anatomy.verdicts.numbers import interval, number
from markup import div
from provenance import duration
from wording import DATA, again, chip, counted, decided_by, deciding, network, why_open

YOUNGER = "rule changed after the runs"
NOTHING = "Nothing of it has been run yet."
KNN = "kNN accuracy is the share of unseen images whose nearest training images vote for the right class."


def short_answer(chapter: str, studies: Sequence[Evidence], figures: Collection[str]) -> str:
    """The box in MyST; `studies` that judge, `figures` by the names that the page has."""
    found, lacking = {}, []
    for id in short(chapter):
        judged = largest(id, studies)
        if judged is None:
            lacking.append(id)
        else:
            found[id] = judged
    lines = [sentence(chapter, id, *at, figures) for id, at in found.items()]
    in_part = {id: said for id in lacking if (said := decided_in_part(chapter, id, studies))}
    lines += [f"{chip('not run')} {said} ({{ref}}`{id} <{id}>`)." for id, said in in_part.items()]
    lines += [not_run(chapter, rest)] if (rest := [id for id in lacking if id not in in_part]) else []
    body = "\n".join(f"- {line}" for line in lines)
    said = " ".join(filter(None, [words(chapter), KNN if "kNN" in body else ""]))
    terms = div("scope", f"{said}\n") + "\n\n" if said else ""
    return f"::::{{admonition}} Short answer\n:class: short-answer\n\n{body}\n\n{terms}{scope(chapter, found)}\n::::"


def judging(chapter: str, *own: Study) -> list[Evidence]:
    """The evidence that may answer a chapter: of the page's studies that judge, and of the largest published one."""
    try:
        published = [Study(chapter, preset="published")]
    except NotPublished:
        published = []
    return [study.evidence for study in (*own, *published) if not study.evidence.archived]


def largest(id: str, studies: Sequence[Evidence]) -> tuple[Evidence, Claim, Judged] | None:
    """The claim's verdict of the largest study that judged it."""
    return next((found for found in by_size(id, studies) if found[2].verdict.word != "not run"), None)


def by_size(id: str, studies: Sequence[Evidence]) -> Iterator[tuple[Evidence, Claim, Judged]]:
    """The claim's verdicts, that of the largest study first; one of the smoke preset is no result."""
    for study in sorted(studies, key=lambda study: -SIZES.index(study.request.preset.name)):
        for row in study.verdicts if study.request.preset.name != "smoke" else ():
            if row.claim.id == id and row.verdicts:
                yield study, row.claim, row.verdicts[0]


def sentence(chapter: str, id: str, study: Evidence, claim: Claim, judged: Judged, figures: Collection[str]) -> str:
    """Chip, what the verdict allows to say, the number that decided it, and where to look."""
    verdict, figure = judged.verdict, short(chapter)[id].figure
    links = [f"{{ref}}`{id} <{id}>`", *([f"{{ref}}`figure <{figure}>`"] if figure in figures else [])]
    younger = "; this rule is younger than the runs" * (YOUNGER in verdict.note)
    said = readings(chapter)[id].in_short(verdict, why_open(verdict) if verdict.word == "undecided" else "")
    number = numbers(short(chapter)[id], claim, verdict)
    return f"{chip(verdict.word)} {said} {number}, {place(study)}{younger} ({', '.join(links)})."


def numbers(words: Short, claim: Claim, verdict: Verdict) -> str:
    """`What it is of: **4.09** (95 % interval 3.85 to 4.32, 3 seeds)`, of the part that decided."""
    if verdict.estimate is None:
        return "No number decided"
    (name, part), one = deciding(claim, verdict), decided_by(claim, verdict)
    seeds = counted(one.n)
    if isinstance(part.criterion, Threshold):  # no interval of a mean: the least and the greatest seed
        spread = f"{seeds}, from {interval(one)}"
    else:
        spread = seeds if one.low is None else f"95\u00a0% interval {interval(one)}, {seeds}"
    what = words.of(name)
    spread += f"; a factor of {number(exp(verdict.estimate))}" * ("logarithm of" in what)
    alone = one.word != verdict.word and not FEWER_SEEDS.search(verdict.note)  # before all seeds are there, no word
    spread += f"; this part by itself: {one.word}" * alone
    begin = what[0] if what[1:2].isupper() else what[0].upper()  # kNN stays as it is
    return f"{begin}{what[1:]}: **{number(verdict.estimate)}**{unit(part)} ({spread})"


def not_run(chapter: str, ids: Sequence[str]) -> str:
    questions = "; ".join(f"whether {readings(chapter)[id].question} ({{ref}}`{id} <{id}>`)" for id in ids)
    return f"{chip('not run')} {questions[0].upper() + questions[1:]}."


def decided_in_part(chapter: str, id: str, studies: Sequence[Evidence]) -> str:
    """Of a claim that was not run as a whole, what its parts decide; nothing where none does."""
    seeds, verdicts = seeds_of(id), (judged.verdict for *_, judged in by_size(id, studies))
    found = next((verdict for verdict in verdicts if decided_so_far(verdict, seeds)), None)
    return readings(chapter)[id].in_short(found, seeds=seeds)[:-1] if found else ""


def place(study: Evidence) -> str:
    return f"on {DATA.get(study.request.dataset, study.request.dataset)}"


def scope(chapter: str, found: Mapping[str, tuple[Evidence, Claim, Judged]]) -> str:
    """Where these verdicts hold, and what it takes to make their runs again."""
    studies = {id(study): study for study, *_ in found.values()}.values()
    if not studies:
        return NOTHING
    return "\n\n".join(div("scope", f"{'. '.join(facts(chapter, study))}.") for study in studies)


def facts(chapter: str, study: Evidence) -> list[str]:
    """Data, network, length and seeds; the command that makes the runs again, and what they took."""
    of, request = study.provenance(), study.request
    data, seeds = DATA.get(request.dataset, request.dataset), study.tables["runs"]["seed"].nunique()
    where = f"{data[0].upper()}{data[1:]}, {trained(study)}, up to {counted(seeds)}"
    time = duration(float(str(of["seconds"])))
    command = again(chapter, request.preset.name, request.dataset)
    done, asked = of["runs_done"], of["runs_asked"]
    them = "they" if done == asked else f"the {done} published ones"
    runs = f"`{command}` makes all {asked} runs of this preset again ({{ref}}`what it needs <make-again>`)"
    return [where, f"{runs}; {them} took {time}{of_what(str(of['device']))}"]


def trained(study: Evidence) -> str:
    """The network, and how long it was trained; of most runs, where some have another one or another length."""
    runs, said = study.tables["runs"], (network(study.network), f"{study.request.base['epochs']} passes")
    alike = all(runs[name].nunique() < 2 for name in ("backbone", "width", "epochs"))
    return ", ".join(said) if alike else f"mostly {' and '.join(said)}"


def of_what(device: str) -> str:
    """What a time is of: `of one core`, or which cards."""
    cards = ", ".join(one for one in device.split(", ") if one != "cpu")
    return " of one core" if not cards else f", in part on {cards}" if "cpu" in device.split(", ") else f" on {cards}"
