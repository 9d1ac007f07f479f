"""What a browser sends on behalf of another site's page is not taken: nothing is recorded that nobody here typed."""

from urllib.parse import urlsplit

from starlette.requests import Request

from wco_common.problem import Invalid
from wco_events.fault import Fault


def hold_same_origin(request: Request) -> None:
    """Raise Invalid where a browser says that what it sends comes from a page of another origin.

    It says so by Sec-Fetch-Site or, where that is not sent as over plain HTTP, by Origin. Who sends neither is no
    browser, and whoever is no browser cannot be made to send anything by a page.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise _elsewhere("sec-fetch-site", site)
        return
    origin = request.headers.get("origin")
    if origin is not None and _host(origin) != request.headers.get("host", "").lower():
        raise _elsewhere("origin", origin)


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None


def _elsewhere(header: str, sent: str) -> Invalid:
    detail = f"is {sent}: a form is taken from these pages alone"
    return Invalid(f"{header} {detail}", [Fault(header, detail)])
