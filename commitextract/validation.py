"""Validation: how a model does on replies of places that it was not trained on, from the training data alone.

Replies of one place are written by the same clerks in the same words; only folds that keep a place together tell what
another place can expect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from commitextract.actor_training import fit_actors
from commitextract.agencies import find_places
from commitextract.duplicates import clusters
from commitextract.evaluation import Evaluation, evaluate
from commitextract.extractor import Extractor, load
from commitextract.fitting import fit, read_example
from commitextract.schema import Reply, SchemaError

FOLDS = 5
UNKNOWN = ("", "?", "unknown")
Progress = Callable[[Sequence[Reply]], Iterable[Reply]]


def groups(gold: Sequence[Reply], places: Mapping[str, str] | None = None) -> list[str]:
    """Return what each reply must not be torn from: its place; without one, or if all are of one, its near duplicates.

    Parameters
    ----------
    gold : sequence of Reply
        Annotated replies.
    places : mapping of str to str, optional
        Places by the replies' ids, where they are known from outside; else the respondent's name tells.

    Examples
    --------
    >>> import commitextract as ce
    >>> groups([ce.extract("已办理。", respondent="澜阳市民政局", id="a"), ce.extract("正在办理。", id="b")], {"b": "东湖区"})
    ['澜阳市', '东湖区']
    """
    known = [(places or {}).get(reply.id or "") for reply in gold]
    named = [
        place if place not in (None, *UNKNOWN) else next(iter(find_places(reply.meta.respondent or "")), None)
        for place, reply in zip(known, gold, strict=True)
    ]
    if len(set(named)) == 1:
        named = [None] * len(named)
    alone = clusters([reply.text for reply in gold])
    return [place or f"reply {number}" for place, number in zip(named, alone, strict=True)]


def folds(names: Sequence[str], n: int = FOLDS) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield the places of the training and of the held out replies of each fold; folds are as even as the groups allow.

    Parameters
    ----------
    names : sequence of str
        The group of each reply.
    n : int
        How many folds; fewer if there are fewer groups.
    """
    from sklearn.model_selection import GroupKFold

    n = min(n, len(set(names)))
    if n < 2:
        raise SchemaError(
            f"all {len(names)} replies are of one group ({names[0] if names else 'none'}); cross-validation needs replies of "
            "at least two places"
        )
    yield from GroupKFold(n).split(names, groups=names)


def cross_validate(
    gold: Sequence[Reply],
    names: Sequence[str] | None = None,
    *,
    n: int = FOLDS,
    seed: int = 0,
    leads: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Return how each reply is read by a model that was fitted without its group.

    Parameters
    ----------
    gold : sequence of Reply
        Annotated replies.
    names : sequence of str, optional
        The group of each (`groups` if not given).
    n : int
        How many folds.
    seed : int
        As for `commitextract.train`.
    leads : bool
        Also fit the choice of lead agencies anew in each fold, which takes most of the time; else the rules choose.
    progress : callable, optional
        Wraps the replies as they are read, such as ``tqdm.tqdm``.
    """
    total = Evaluation()
    names = names or groups(gold)
    for extractor, held_out in fitted_without(gold, names, n=n, seed=seed, leads=leads, progress=progress):
        total += evaluate(extractor, [gold[i] for i in held_out])
    return total


def fitted_without(
    gold: Sequence[Reply],
    names: Sequence[str],
    *,
    n: int = FOLDS,
    seed: int = 0,
    leads: bool = False,
    progress: Progress | None = None,
) -> Iterator[tuple[Extractor, NDArray[np.intp]]]:
    """Yield for each fold an extractor fitted on the other folds, and the places of the replies it has not seen."""
    rules = load(None)
    parts = list(folds(names, n))
    examples = [read_example(rules, reply) for reply in (progress(gold) if progress else gold)]
    for train, held_out in parts:
        ranker = fit_actors(rules, [gold[i] for i in train]) if leads else None
        yield Extractor(fit([examples[i] for i in train], seed=seed), rules.segmenter, ranker=ranker), held_out
