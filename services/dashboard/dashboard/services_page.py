"""The services behind the pages: what each holds, and where other systems read and record."""

from zlib import crc32

from starlette.requests import Request
from starlette.responses import Response

from dashboard.pages import Pages, entity_tag
from dashboard.projector import PROJECTOR
from dashboard.shell import Shells
from dashboard.view import read_view
from dashboard.words import N_
from wco_events.event_type import LOG_NAMES

_SUMMARIES = {
    "plan-registry": N_("The strategic plan, its implementation plans and actions, Members, baselines"),
    "survey-intake": N_("Surveys of Members, and what they answered"),
    "operations-feed": N_("Operations and seizures, partnerships, capacity building, experts"),
    PROJECTOR: N_("The KPIs, now and at any past moment"),
}


class ServicesPage:
    """Leads to what each service says of itself. It is there whatever else is not."""

    def __init__(self, pages: Pages, shells: Shells) -> None:
        self._pages = pages
        self._shells = shells

    async def __call__(self, request: Request) -> Response:
        """Answer with the services."""
        view = read_view(request)
        notice = await self._shells.notice()
        etag = entity_tag(view.language.code, crc32((notice or "").encode()))
        context = {"summaries": _SUMMARIES, "logs": LOG_NAMES, "notice": notice}
        return self._pages.unchanged(request, view, etag) or self._pages.page(view, "services.html", context, etag=etag)
