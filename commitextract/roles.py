"""Roles: what the words around a mention say of its part in the statement.

A word before or behind its name tells its role (``lexicons/agency_roles.csv``): 由X is lead, 会同X support, 向X none. Without one a
mention that opens its clause leads.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from commitextract.agencies import Mention, opens_clause
from commitextract.lexicons import alternation, table
from commitextract.names import PLACES
from commitextract.normalization import HAN


class Role(NamedTuple):
    """A role, the words before and behind the mention that told it, and whether it opens its clause."""

    role: str
    before: str | None
    behind: str | None
    opens: bool


class Roles:
    """The roles of the mentions in a normalized text.

    Examples
    --------
    >>> from commitextract.agencies import find_agencies
    >>> text = "我局会同市财政局向省厅申请资金"
    >>> [(m.text, Roles(text).of(m).role) for m in find_agencies(text)]
    [('我局', 'lead'), ('市财政局', 'support'), ('省厅', 'none')]
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def of(self, mention: Mention) -> Role:
        """Return the role of a mention."""
        before, behind = self._before(mention), self._behind(mention)
        opens = opens_clause(self._text, mention.start)
        return Role(self._role(mention, before, behind, opens), before, behind, opens)

    def _role(self, mention: Mention, before: str | None, behind: str | None, opens: bool) -> str:
        told = _terms("behind")[1].get(behind or "")
        if told in ("none", "support"):
            return told
        if before:
            return _terms("before")[1][before]
        if opens:
            return "lead"
        unit = mention.kind in ("name", "deictic") and mention.text[1:] not in PLACES
        return "lead" if told == "lead" and unit else "none"

    def behind(self, mention: Mention) -> str | None:
        """Return the role that the words behind a mention tell, if they do."""
        return _terms("behind")[1].get(self._behind(mention) or "")

    def _before(self, mention: Mention) -> str | None:
        m = _terms("before")[0].search(self._text[max(0, mention.start - 6) : mention.start])
        return m.group() if m else None

    def _behind(self, mention: Mention) -> str | None:
        listed = _LISTED.match(self._text, mention.end)
        m = _terms("behind")[0].match(self._text, listed.end() if listed else mention.end)
        return m.group() if m else None


_LISTED = re.compile(rf"[、和与及][{HAN}A-Z0-9]{{2,10}}?(?=(?:均|都)?位于)")
"""What stands between a place and 位于 where several are listed."""


@cache
def _terms(where: str) -> tuple[re.Pattern[str], dict[str, str]]:
    roles = {row["term"]: row["role"] for row in table("agency_roles") if row["where"] == where}
    words = alternation(roles)
    return re.compile(f"{words}$" if where == "before" else words), roles
