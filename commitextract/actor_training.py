"""Training of the choice of lead agencies: annotated replies in, a ranker of candidates out.

Each statement of a reply is a choice among its candidates (`commitextract.actors`); those whose name is the annotated lead's are right.
What led before is first taken from the annotation; a second round adds the choices as they look behind the first ranker's own answers, so
that the ranker learns to recover from them.
"""

from __future__ import annotations

from collections.abc import Sequence

from commitextract.actors import Actors, Candidate, choose
from commitextract.extractor import Extractor, run_of
from commitextract.names import same_name
from commitextract.ranking import Choice, Ranker, fit
from commitextract.reference import Reference
from commitextract.schema import Agency, Reply

PENALTY = 6.0
"""Weight of the squared weights, and the replies a feature must stand in; chosen on the development splits and by leaving places out."""
RAREST = 8


def fit_actors(extractor: Extractor, gold: Sequence[Reply]) -> Ranker:
    """Return a ranker fitted on the leads of annotated replies."""
    first = [read_choices(extractor, reply) for reply in gold]
    ranker = fit(first, penalty=PENALTY / 2, rarest=RAREST)
    second = [read_choices(extractor, reply, ranker) for reply in gold]
    return fit([a + b for a, b in zip(first, second, strict=True)], penalty=PENALTY, rarest=RAREST)


def read_choices(extractor: Extractor, reply: Reply, ranker: Ranker | None = None) -> list[Choice]:
    """Return the choices that an annotated reply shows, behind its own leads or those a ranker chooses."""
    clean, reading, header, names = extractor.read(reply.text, reply.meta.date)
    actors = Actors(reading, header, Reference(reading.layout, reading.agencies, header, names))
    choices: list[Choice] = []
    for statement in reply.statements:
        run = run_of(statement, reading.layout.clauses, clean)
        if run is None:
            continue
        leads = [a for a in statement.agencies if a.role == "lead"]
        candidates = actors.candidates(run)
        right = [_is_right(c, leads) for c in candidates]
        choices.append(([c.features for c in candidates], right))
        if ranker:
            chosen = choose(candidates, ranker.probabilities([c.features for c in candidates]))
            actors.remember(run, chosen.name, chosen.mention is not None)
        else:
            name = next((c.name for c, good in zip(candidates, right, strict=True) if good), None)
            actors.remember(run, name or next((a.name for a in leads), None), any(a.start is not None for a in leads))
    return choices


def _is_right(candidate: Candidate, leads: Sequence[Agency]) -> bool:
    if candidate.name is None or not leads:
        return candidate.name is None and not leads
    return any(same_name(candidate.name, lead.name) for lead in leads)
