"""A user's own table of agencies: their names, what else they are called, what they belong to and where they are.

What the table says wins over lexicons and structure: every form it lists is found wherever it stands, and means the
agency it is listed for. Of agencies of several places that share a short form the one is meant whose place the reply names.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from commitextract.agencies import Mention
from commitextract.lexicons import alternation
from commitextract.normalization import normalize

COLUMNS = ("name", "aliases", "parent", "place")
_BETWEEN_ALIASES = re.compile(r"[;；|、]")


class AgencyTableError(ValueError):
    """A table of agencies that cannot be used; the message names the line and what is accepted."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An agency: its full name, other forms of it, the agency above it and its place."""

    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    place: str | None = None


@dataclass(frozen=True)
class AgencyTable:
    """Agencies that are known beforehand.

    Parameters
    ----------
    entries : tuple of Entry
        The agencies. Each is found by its name, its aliases, these behind its place, and behind every form of its parent.

    Raises
    ------
    AgencyTableError
        If two agencies of one place share a form, or a parent is not in the table.

    Examples
    --------
    >>> table = AgencyTable((Entry("青川市住房和城乡建设局", ("市住建局",), place="青川市"),))
    >>> table.meaning("市住建局", "青川市的答复"), table.meaning("市民政局", "")
    ('青川市住房和城乡建设局', None)
    """

    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        names = {entry.name for entry in self.entries}
        for entry in self.entries:
            if entry.parent and entry.parent not in names:
                raise AgencyTableError(
                    f"{entry.name!r} has the parent {entry.parent!r}, which has no row; add one or leave it empty"
                )
        for form, holders in self._forms.items():
            places = [entry.place for entry in holders]
            if len(holders) > 1 and (None in places or len(set(places)) < len(places)):
                both = " and ".join(repr(entry.name) for entry in holders[:2])
                raise AgencyTableError(
                    f"{form!r} stands for {both}; only agencies of different places may share a form"
                )

    @cached_property
    def _forms(self) -> Mapping[str, tuple[Entry, ...]]:
        found: dict[str, tuple[Entry, ...]] = {}
        for entry in self.entries:
            for form in sorted(set(self._forms_of(entry, 3))):
                found[form] = (*found.get(form, ()), entry)
        return found

    def _forms_of(self, entry: Entry, depth: int) -> Iterator[str]:
        for form in (entry.name, *entry.aliases):
            yield form
            if entry.place and not form.startswith(entry.place):
                yield entry.place + form
        above = next((e for e in self.entries if e.name == entry.parent), None)
        if above and depth:
            yield from (form + alias for form in self._forms_of(above, depth - 1) for alias in entry.aliases)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(alternation(self._forms) if self._forms else "(?!)")

    def find(self, text: str) -> list[Mention]:
        """Return where a normalized text names an agency of the table."""
        return [Mention(m.start(), m.end(), m.group(), "name") for m in self._pattern.finditer(text)]

    def add_to(self, text: str, mentions: Iterable[Mention]) -> list[Mention]:
        """Return mentions with those of the table, which win; a longer name that holds a form stays."""
        known, kept = self.find(text), []
        for mention in mentions:
            over = [m for m in known if m.start < mention.end and mention.start < m.end]
            if not over or any(
                mention.start <= m.start and m.end <= mention.end and len(m.text) < len(mention.text) for m in over
            ):
                kept.append(mention)
        free = [m for m in known if not any(k.start < m.end and m.start < k.end for k in kept)]
        return sorted([*kept, *free], key=lambda m: m.start)

    def meaning(self, form: str, text: str) -> str | None:
        """Return the name of the agency that a form means in a document, or None if the table does not tell."""
        holders = self._forms.get(form, ())
        if len(holders) > 1:
            holders = tuple(entry for entry in holders if entry.place and entry.place in text)
        return holders[0].name if len(holders) == 1 else None


def read_agencies(path: str | Path) -> AgencyTable:
    """Return the table of a CSV file with the columns name, aliases, parent and place.

    Parameters
    ----------
    path : str or Path
        UTF-8 or GB18030, as spreadsheet programs write it. Only ``name`` must be filled; aliases stand between semicolons.

    Raises
    ------
    AgencyTableError
        If the file cannot be read, lacks a column or a name, or its rows contradict each other.
    """
    rows = csv.DictReader(_decode(Path(path)).splitlines())
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        found = ", ".join(rows.fieldnames or ()) or "none"
        raise AgencyTableError(
            f"{path}: no column {', '.join(missing)}; its first line has {found}, it must name {', '.join(COLUMNS)}"
        )
    entries = []
    for row in rows:
        name, aliases, parent, place = (_clean(row[column]) for column in COLUMNS)
        if not name:
            raise AgencyTableError(
                f"{path}, line {rows.line_num}: the name is empty; give the agency's full name or delete the line"
            )
        others = tuple(dict.fromkeys(a for a in map(_clean, _BETWEEN_ALIASES.split(aliases)) if a and a != name))
        entries.append(Entry(name, others, parent or None, place or None))
    try:
        return AgencyTable(tuple(entries))
    except AgencyTableError as error:
        raise AgencyTableError(f"{path}: {error}") from None


def _decode(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AgencyTableError(
            f"{path}: {error.strerror or error}; give a CSV file with the columns {', '.join(COLUMNS)}"
        ) from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AgencyTableError(f"{path}: neither UTF-8 nor GB18030; save it as CSV in UTF-8")


def _clean(cell: str | None) -> str:
    return normalize((cell or "").strip()).text.strip()
