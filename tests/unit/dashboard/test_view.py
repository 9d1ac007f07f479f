"""Addresses: what they name, and links that name the same from wherever they stand."""

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from dashboard.view import View, read_view, unread_view
from wco_common.problem import Invalid


def request(path: str, query: str = "", language: str = "en", root: str = "") -> Request:
    headers = [(b"accept-language", language.encode())]
    scope = {"type": "http", "method": "GET", "path": root + path, "root_path": root, "headers": headers}
    return Request(scope | {"query_string": query.encode()})


@pytest.mark.parametrize("prefix", ["/", "/behind/a/proxy/"])
@given(path=st.sampled_from(["", "compare", "kpis/SO1.completion", "kpis/SO1.completion/history", "events/a/1"]))
def test_a_link_leads_to_its_page_from_every_page_below_any_prefix(prefix: str, path: str) -> None:
    view = read_view(request("/" + path, "period=2023-24"))
    here = f"https://example.org{prefix}{path}"
    assert (
        urljoin(here, view.to("kpis/RES.completion"))
        == f"https://example.org{prefix}kpis/RES.completion?period=2023-24"
    )
    assert urljoin(here, view.file("static/a.css")) == f"https://example.org{prefix}static/a.css"


def test_links_keep_period_moment_and_language_and_nothing_else() -> None:
    view = read_view(request("/kpis/X", "period=p&as_of=2024-06-30&lang=fr&cursor=c"), {"cursor": str})
    assert view.to("compare") == "../compare?period=p&as_of=2024-06-30&lang=fr"
    assert view.here(as_of=None) == "../kpis/X?period=p&lang=fr&cursor=c"
    assert view.here(period="q", cursor=None) == "../kpis/X?period=q&as_of=2024-06-30&lang=fr"


def test_what_an_address_names_wrongly_is_still_what_the_page_at_it_names() -> None:
    view = unread_view(request("/kpis/NO.kpi", "period=p&as_of=2024-06-30&colour=red", "fr"))
    assert view.here(lang="en") == "../kpis/NO.kpi?period=p&as_of=2024-06-30&colour=red&lang=en"
    assert view.language.code == "fr"


def test_what_is_left_empty_is_not_named() -> None:
    view = read_view(request("/", "period=p&as_of="))
    assert (view.period, view.as_of) == ("p", None)


def test_a_language_that_an_address_names_is_it_whatever_the_browser_prefers() -> None:
    assert read_view(request("/", "lang=en", "fr")).language.code == "en"
    assert read_view(request("/", "", "fr")).language.code == "fr"


def test_a_prefix_that_the_server_is_under_is_no_part_of_the_path() -> None:
    view: View = read_view(request("/kpis/X", root="/below"))
    assert (view.path, view.root) == ("kpis/X", "../")


@pytest.mark.parametrize("query", ["colour=red", "lang=de", "period=a&period=b"])
def test_what_no_page_takes_is_refused(query: str) -> None:
    with pytest.raises(Invalid):
        read_view(request("/", query))
