"""Pages as answers: templates rendered in a language, and the headers that every page has."""

import hashlib
import importlib.resources
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from msgspec import UNSET
from starlette.requests import Request
from starlette.responses import Response

from dashboard import words
from dashboard.field import is_day
from dashboard.language import LANGUAGES, Language, language
from dashboard.refusals import said_in
from dashboard.view import View
from wco_events.fault import pointer

_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}


NAVIGATION = (
    ("", words.N_("Scorecard")),
    ("compare", words.N_("Compare")),
    ("desk", words.N_("Desk")),
    ("enter", words.N_("Entry")),
    ("services", words.N_("Services")),
)
"""The pages that every page leads to, by path and name."""


def _files(folder: Traversable) -> Iterable[bytes]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            yield from _files(entry)
        elif not entry.name.endswith(".pyc"):
            yield entry.name.encode()
            yield entry.read_bytes()


VERSION = hashlib.sha256(b"\0".join(_files(importlib.resources.files(__package__)))).hexdigest()[:12]
"""Of all that pages are made of: another one makes other pages of the same answers."""


class Pages:
    """Renders pages. Templates are compiled once for each language."""

    def __init__(self, plan_language: str) -> None:
        self._environments = {code: _environment(language(code), plan_language) for code in LANGUAGES}

    def page(
        self, view: View, template: str, context: Mapping[str, Any], *, status: int = 200, etag: str | None = None
    ) -> Response:
        """Return a page."""
        found = self._environments[view.language.code].get_template(template)
        body = found.render(view=view, **context)
        headers = _HEADERS | self.caching(view, etag) | {"Content-Language": view.language.code}
        return Response(body, status, headers, media_type="text/html")

    def unchanged(self, request: Request, view: View, etag: str) -> Response | None:
        """Return 304 where the client has the page."""
        sent = {tag.strip() for header in request.headers.getlist("if-none-match") for tag in header.split(",")}
        if sent.isdisjoint({"*", etag}):
            return None
        return Response(None, 304, self.caching(view, etag))

    def caching(self, view: View, etag: str | None) -> dict[str, str]:
        """Return the headers that say how long a page may be kept: as long as it is still the one."""
        kept = {"Cache-Control": "no-store"} if etag is None else {"Cache-Control": "no-cache", "ETag": etag}
        return kept | {"Vary": "Accept-Language"}


def format_time(moment: datetime) -> str:
    """Return a moment as the outside contract writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def entity_tag(*parts: object) -> str:
    """Return the entity tag of a page that is made of these; weak, since it may be sent compressed."""
    return f'W/"{".".join(str(part).strip(chr(34)) for part in (VERSION, *parts))}"'


def _environment(speaking: Language, plan_language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(speaking.texts, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {"language": speaking, "languages": LANGUAGES, "named": language, "words": words}
    environment.globals |= {"plan_language": plan_language, "version": VERSION, "navigation": NAVIGATION}
    environment.globals["has_provisional"] = lambda kpi: kpi.provisional is not UNSET
    environment.globals["cited"] = format_time
    environment.globals |= {"pointer": pointer, "is_day": is_day, "said_in": said_in}
    environment.filters |= {"pointed": pointer, "capitalized": lambda text: text[:1].upper() + text[1:]}
    environment.globals["response_rate"] = lambda kpi: Decimal(100 * kpi.response.answered) / kpi.response.invited
    for name in environment.list_templates():
        environment.get_template(name)
    return environment
