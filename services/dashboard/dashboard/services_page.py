"""The services behind the pages: what each holds, and where other systems read and record."""

from starlette.requests import Request
from starlette.responses import Response

from dashboard.pages import Pages, entity_tag
from dashboard.projector import PROJECTOR
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
    """Leads to what each service says of itself. It asks nobody, so it is there whatever else is not."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def __call__(self, request: Request) -> Response:
        """Answer with the services."""
        view = read_view(request)
        etag = entity_tag(view.language.code)
        context = {"summaries": _SUMMARIES, "logs": LOG_NAMES}
        return self._pages.unchanged(request, view, etag) or self._pages.page(view, "services.html", context, etag=etag)
