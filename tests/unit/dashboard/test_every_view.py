"""Every page of the dashboard is among the views that a browser looks at."""

from collections.abc import Iterator

from starlette.routing import Match, Route

from dashboard.app import Dashboard
from dashboard.settings import DashboardSettings
from e2e.dashboard.views import VIEWS
from wco_common.settings import ServiceSettings

TAKEN_AWAY = (".csv", ".xlsx", "{file}")
NO_PAGES = {"/livez", "/readyz", "/metrics", "/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc"}


def routes() -> list[Route]:
    app = Dashboard({}, DashboardSettings(), ServiceSettings()).app
    return [route for route in app.routes if isinstance(route, Route) and "GET" in (route.methods or ())]


def looked_at(routes: list[Route]) -> Iterator[str]:
    """Yield the route of each view."""
    for path in VIEWS.values():
        scope = {"type": "http", "method": "GET", "path": f"/{path.partition('?')[0]}", "headers": []}
        yield next(route.path for route in routes if route.matches(scope)[0] is Match.FULL)


def test_every_page_is_looked_at() -> None:
    found = routes()
    pages = {route.path for route in found if not route.path.endswith(TAKEN_AWAY)} - NO_PAGES
    assert len(pages) > 20
    assert pages - set(looked_at(found)) == set()
