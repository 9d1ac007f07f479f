"""What goes wrong, told to a person: what happened, and what to do now."""

from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from dashboard.pages import Pages
from dashboard.shell import Shells
from dashboard.table import Downloads
from dashboard.view import unread_view
from dashboard.words import N_
from wco_common.problem import Problem, TooLarge
from wco_common.problem_answers import tell_as_json

_ADVICE = {
    "plan-not-adopted": (
        N_("No plan is adopted yet"),
        N_(
            "There are no indicators to show before a strategic plan is adopted. Once plan-registry has recorded it, "
            "this page shows the scorecard; if a past moment was asked for, choose a later one."
        ),
    ),
    "not-found": (
        N_("There is nothing at this address"),
        N_("Perhaps a part of it is missing. The scorecard leads to all there is."),
    ),
    "invalid": (
        N_("The address asks for something that cannot be"),
        N_("See below what is wrong in it, or begin with the scorecard."),
    ),
    "too-large": (
        N_("This is more than is shown at once"),
        N_("Choose a single period or an earlier moment, or narrow the list down."),
    ),
    "not-reached": (
        N_("This moment cannot be answered yet"),
        N_("The figures are not worked out up to there. Try again in some seconds, or choose an earlier moment."),
    ),
    "unavailable": (
        N_("This cannot be answered now"),
        N_("A service does not answer. Nothing is lost; try again in a minute."),
    ),
}
_OTHERWISE = (N_("This cannot be answered"), N_("Begin with the scorecard, or try again in a minute."))
_TOO_LONG_TO_SHOW = N_("It is too long to be drawn, but not to be taken away as a table.")


class TooLongToShow(TooLarge):
    """There is more of it than a page draws; with `downloads`, not more than is taken away at once."""

    def __init__(self, detail: str, downloads: Downloads | None = None) -> None:
        super().__init__(detail)
        self.downloads = downloads


def details(problem: Problem) -> Sequence[str]:
    """Return what is wrong, each by itself where there are several faults: they are known again one by one."""
    if len(problem.faults) < 2:
        return [problem.detail]
    return [f"{fault.pointer[1:]} {fault.detail}" for fault in problem.faults]


class ProblemPage:
    """Tells browsers of problems as a page, and all others as services do."""

    def __init__(self, pages: Pages, shells: Shells) -> None:
        self._pages = pages
        self._shells = shells

    async def tell(self, request: Request, problem: Problem) -> Response:
        """Tell of a problem."""
        if "text/html" not in request.headers.get("accept", ""):
            return await tell_as_json(request, problem)
        view = unread_view(request)
        if problem.status < 500:
            # What the address names may be what is wrong, which links that lead on are not to name again.
            view = replace(view, kept=("lang",) if view.query.get("lang") == view.language.code else ())
        title, advice = _ADVICE.get(problem.slug, _OTHERWISE)
        downloads = problem.downloads if isinstance(problem, TooLongToShow) else None
        said = {"problem_title": title, "advice": advice if downloads is None else _TOO_LONG_TO_SHOW}
        context = {
            "problem": problem,
            "details": details(problem),
            "notice": await self._shells.notice(),
            "downloads": downloads,
            **said,
        }
        response = self._pages.page(view, "problem.html", context, status=problem.status)
        response.headers.update(problem.headers | {"Vary": "Accept-Language, Accept"})
        return response
