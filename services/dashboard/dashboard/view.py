"""What an address names of what a page shows: a period, a moment, a language."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request

from dashboard.language import LANGUAGES, Language, language, preferred
from wco_common.query import Reader, one_of, read_query


def _text(text: str) -> str:
    return text


COMMON: Mapping[str, Reader] = {"period": _text, "as_of": _text, "lang": one_of(*LANGUAGES)}
"""What every page can be asked for. What is right in a period or a moment, the projector says."""


@dataclass(frozen=True)
class View:
    """What an address names. Links lead from it to others that name the same, save for what is to be another.

    They are relative to the page, so that they hold behind any proxy and below any prefix.
    """

    path: str
    query: Mapping[str, str]
    language: Language
    read: Mapping[str, Any] = field(default_factory=dict)
    kept: Collection[str] = tuple(COMMON)
    """What links to other pages name, too."""

    @property
    def period(self) -> str | None:
        """The period that the address names."""
        return self.query.get("period")

    @property
    def as_of(self) -> str | None:
        """The past moment that the address names; None is now."""
        return self.query.get("as_of")

    @property
    def elsewhen(self) -> Mapping[str, str]:
        """What the address names that holds at another moment too: not the day, nor the page, of this one."""
        return {name: value for name, value in self.query.items() if name not in {"as_of", "on", "cursor"}}

    @property
    def root(self) -> str:
        """The way from the page to the first one."""
        return "../" * self.path.count("/") or "./"

    def to(self, path: str, **named: str | None) -> str:
        """Return a link to a page, which has the period, moment and language of this one but for what is named."""
        kept = {name: self.query[name] for name in self.kept if name in self.query}
        return self._link(path, kept | named)

    def here(self, **named: str | None) -> str:
        """Return a link to this page with something named otherwise."""
        return self._link(self.path, {**self.query, **named})

    def file(self, path: str) -> str:
        """Return a link to what is below the first page, as it is."""
        return f"{self.root}{path}"

    def _link(self, path: str, query: Mapping[str, str | None]) -> str:
        named = {name: value for name, value in query.items() if value}
        return self.root + quote(path, safe="/") + (f"?{urlencode(named, safe=':,')}" if named else "")


def read_view(request: Request, readers: Mapping[str, Reader] | None = None) -> View:
    """Return what an address names; what it leaves empty it does not name. Raises Invalid."""
    read = read_query(request, {**COMMON, **(readers or {})})
    return replace(unread_view(request), read=read)


def unread_view(request: Request) -> View:
    """Return what an address names, whether there is such a thing or not.

    A day that is not over has no end to be seen from yet: who names it names no moment, which is now.
    """
    query = {name: value for name, value in request.query_params.items() if value}
    if query.get("as_of") == utc_today().isoformat():
        del query["as_of"]
    path = request.scope["path"].removeprefix(request.scope.get("root_path", "")).lstrip("/")
    return View(path, query, chosen(request))


def utc_today() -> date:
    """Return the UTC day of now."""
    return datetime.now(UTC).date()


def chosen(request: Request) -> Language:
    """Return the language that an address names, else the one that its reader prefers."""
    named = request.query_params.get("lang")
    return language(named) if named in LANGUAGES else preferred(request.headers.get("accept-language", ""))
