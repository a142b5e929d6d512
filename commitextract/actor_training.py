"""Training of the choice of agencies: annotated replies in, a ranker of candidates out.

The respondent of a reply is a choice among the names in it (`commitextract.respondent`), the lead of a statement one among its candidates
(`commitextract.actors`); those whose name is the annotated one's are right. The others in it support it or not. Leads are learnt behind respondents that were chosen without
the reply itself. What led before is first taken from the annotation; a second round adds the choices as they look behind the
first ranker's own answers, so that the ranker learns to recover from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from commitextract.actors import NO_SUPPORT, Actors, Candidate, choose
from commitextract.decoding import Run
from commitextract.extractor import Extractor, run_of
from commitextract.header import respondent_candidates
from commitextract.names import same_name
from commitextract.ranking import Choice, Ranker, fit
from commitextract.reference import Reference
from commitextract.schema import Agency, Reply

PENALTY, RESPONDENT_PENALTY = 6.0, 3.0
"""Weights of the squared weights, for leads and for respondents; chosen on the development splits and by leaving places out."""
RAREST = 8
"""A feature is kept if it stands in so many replies: no name of a private person does (and a test holds it)."""
_FOLDS = 4


def fit_actors(extractor: Extractor, gold: Sequence[Reply]) -> Ranker:
    """Return a ranker fitted on the respondents and leads of annotated replies."""
    shown = [respondent_choices(extractor, reply) for reply in gold]
    others = [_fit_respondents([c for i, c in enumerate(shown) if i % _FOLDS != fold]) for fold in range(_FOLDS)]
    readers = [replace(extractor, ranker=others[i % _FOLDS]) for i in range(len(gold))]
    first = [read_choices(reader, reply) for reader, reply in zip(readers, gold, strict=True)]
    ranker = fit(first, penalty=PENALTY / 2, rarest=RAREST)
    second = [read_choices(reader, reply, ranker) for reader, reply in zip(readers, gold, strict=True)]
    leads = fit([a + b for a, b in zip(first, second, strict=True)], penalty=PENALTY, rarest=RAREST)
    return Ranker(_fit_respondents(shown).weights | leads.weights)


def _fit_respondents(shown: Sequence[Sequence[Choice]]) -> Ranker:
    return fit(shown, penalty=RESPONDENT_PENALTY, rarest=RAREST)


def respondent_choices(extractor: Extractor, reply: Reply) -> list[Choice]:
    """Return the choice of a respondent that an annotated reply shows; none where it holds several parts."""
    _, reading, _, names = extractor.read(reply.text, reply.meta.date)
    layout, known = reading.layout, reply.meta.respondent
    if len(layout.parts) > 1 or layout.doc_type == "inquiry" or layout.parts[0].kind != "answer":
        return []
    found, _ = respondent_candidates(layout, layout.parts[0], reading.agencies, names)
    right = [same_name(name, known) if name and known else not (name or known) for name, _ in found]
    return [([features for _, features in found], right)]


def read_choices(extractor: Extractor, reply: Reply, ranker: Ranker | None = None) -> list[Choice]:
    """Return the choices of leads that an annotated reply shows, behind its own leads or those a ranker chooses."""
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
        choices += _supports(actors, run, statement.agencies)
        if ranker:
            chosen = choose(candidates, ranker.probabilities([c.features for c in candidates]))
            actors.remember(run, chosen.name, chosen.mention is not None)
        else:
            name = next((c.name for c, good in zip(candidates, right, strict=True) if good), None)
            actors.remember(run, name or next((a.name for a in leads), None), any(a.start is not None for a in leads))
    return choices


def _supports(actors: Actors, run: Run, agencies: Sequence[Agency]) -> Iterator[Choice]:
    """Yield whether each agency in a statement that does not lead it supports it."""
    for candidate in actors.supporters(run, None):
        roles = [a.role for a in agencies if candidate.name and same_name(candidate.name, a.name)]
        if "lead" not in roles:
            yield [candidate.features, NO_SUPPORT], ["support" in roles, "support" not in roles]


def _is_right(candidate: Candidate, leads: Sequence[Agency]) -> bool:
    if candidate.name is None or not leads:
        return candidate.name is None and not leads
    return any(same_name(candidate.name, lead.name) for lead in leads)
