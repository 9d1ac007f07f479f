"""Pages over HTTP: before a plan is adopted, when they are asked for again, and whom problems are told as what."""

import html
import json
import re

import httpx
import pytest

from dashboard.app import Dashboard
from dashboard.language import language
from dashboard.refusals import said_in
from dashboard.settings import DashboardSettings
from folding import CATALOGUE
from system import System
from wco_cluster.part import free_port
from wco_common.settings import ServiceSettings
from wco_embedded.services import SERVICES

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PAGES = [
    *("/", "/compare", "/kpis/SO1.completion", "/kpis/SO1.completion/history", "/kpis/SO1.completion/evidence"),
    *("/desk", "/desk/actions"),
]


@pytest.mark.parametrize("path", PAGES)
async def test_before_a_plan_is_adopted_a_page_says_so_and_afterwards_it_is_there(system: System, path: str) -> None:
    answer = await system.client.get(path, headers=BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "No plan is adopted yet" in answer.text
    await system.adopt()
    answer = await system.client.get(path, headers=BROWSER)
    assert answer.status_code == 200
    assert "WCO Strategic Plan 2022-2025" in answer.text


@pytest.mark.parametrize("path", [*PAGES, "/events/plan-registry/1", "/services"])
async def test_a_page_that_is_still_the_same_is_not_sent_again(system: System, path: str) -> None:
    await system.adopt()
    first = await system.client.get(path)
    again = await system.client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    french = {"if-none-match": first.headers["etag"], "accept-language": "fr"}
    assert (await system.client.get(path, headers=french)).status_code == 200


async def test_a_page_of_now_is_another_once_something_is_recorded(system: System) -> None:
    await system.adopt()
    first = await system.client.get("/")
    place = await system.post(
        "plan-registry", "baseline.set", "RES.satisfaction", value="70", measured_on="2022-06-30", source="survey"
    )
    await system.shown(place)
    again = await system.client.get("/", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 200
    assert "70.0 (baseline)" in again.text


async def test_every_page_may_load_from_its_server_alone_and_run_nothing_that_stands_in_it(system: System) -> None:
    await system.adopt()
    for path in [*PAGES, "/events/plan-registry/1", "/services", "/nothing"]:
        answer = await system.client.get(path, headers=BROWSER)
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert {policy[name] for name in ("script-src", "style-src", "connect-src", "img-src")} == {"'self'"}
        assert " style=" not in answer.text
        assert "<style" not in answer.text
        assert answer.text.count("<script") == answer.text.count('<script type="module" src=')


async def test_a_file_s_address_changes_with_what_pages_are_made_of_so_it_may_be_kept_for_ever(system: System) -> None:
    page = await system.client.get("/services")
    address = page.text.partition('rel="stylesheet" href=".')[2].partition('"')[0]
    answer = await system.client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in answer.headers["cache-control"]
    older = await system.client.get(f"/static/older/{address.rpartition('/')[2]}")
    assert older.status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        ("/nothing", 404, "not-found"),
        ("/kpis/NO.kpi", 404, "not-found"),
        ("/?period=never", 404, "not-found"),
        ("/?as_of=yesterday", 422, "invalid"),
        ("/?as_of=2999-01-01", 422, "invalid"),
        ("/?colour=red", 422, "invalid"),
        ("/?lang=de", 422, "invalid"),
        ("/events/plan-registry/999", 404, "not-found"),
        ("/events/nothing/1", 404, "not-found"),
        ("/compare?from=2999-01-01", 422, "invalid"),
        ("/kpis/SO1.completion/evidence?cursor=mine", 422, "invalid"),
        ("/desk/nothing", 404, "not-found"),
        ("/desk/actions/nobody", 404, "not-found"),
        ("/desk/actions/..%2Fevents", 404, "not-found"),
        ("/desk/actions?state=lost", 422, "invalid"),
        ("/desk/actions?colour=red", 422, "invalid"),
        ("/desk/surveys?from=tomorrow", 422, "invalid"),
        ("/desk/experts?on=P5D", 422, "invalid"),
        ("/desk/actions?cursor=mine", 422, "invalid"),
    ],
)
async def test_problems_are_a_page_to_browsers_and_json_to_others(
    system: System, path: str, status: int, slug: str
) -> None:
    await system.adopt()
    told = await system.client.get(path)
    assert (told.status_code, told.headers["content-type"]) == (status, "application/problem+json")
    assert told.json()["type"] == f"urn:wco-kpi:problem:{slug}"
    page = await system.client.get(path, headers=BROWSER)
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert "To the scorecard" in page.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/kpis/NO.kpi?period=2023-24&as_of=2024-03-31", 404),
        ("/?as_of=2010-01-01", 404),
        ("/?period=never", 404),
        ("/?colour=red", 422),
    ],
)
async def test_a_problem_in_another_language_is_the_same_problem(system: System, path: str, status: int) -> None:
    await system.adopt()
    page = await system.client.get(path, headers=BROWSER)
    (french,) = re.findall(r'<a href="([^"]*)" hreflang="fr"', page.text)
    address = page.url.join(html.unescape(french))
    assert str(address) == str(page.url.copy_add_param("lang", "fr"))
    again = await system.client.get(address, headers=BROWSER)
    assert (page.status_code, again.status_code) == (status, status)
    assert '<html lang="fr">' in again.text
    detail = re.compile(r'<p class="detail">(?:<span lang="en">)?([^<]+)')
    (english,), (said,) = detail.findall(page.text), detail.findall(again.text)
    assert html.unescape(said) == said_in(language("fr"), html.unescape(english)).text
    # What may be wrong in the address is in no link that leads on.
    assert '<a class="button" href="' in again.text
    assert "period=" not in again.text.partition("<main")[2]


async def test_a_day_that_is_not_over_is_shown_as_it_is_now(system: System) -> None:
    await system.adopt()
    today = (await system.get("plan"))["as_of"]["time"][:10]
    page = await system.client.get("/", params={"as_of": today}, headers=BROWSER)
    assert page.status_code == 200
    # It is now, which goes on: neither a moment that it is as of nor one that links lead on to.
    assert '<span class="badge now">' in page.text
    assert "data-stream=" in page.text
    assert f"as_of={today}&" not in page.text.replace("&amp;", "&")
    assert f'as_of={today}"' not in page.text


async def test_what_the_plan_says_of_its_figures_stands_on_every_page_also_where_something_is_wrong(
    system: System,
) -> None:
    notice = '<aside class="notice"'
    assert notice not in (await system.client.get("/services", headers=BROWSER)).text
    plan = json.loads(CATALOGUE.read_bytes()) | {"notice": "All of this is made up."}
    await system.shown(await system.post("plan-registry", "plan.adopted", "sp-2022-2025", **plan))
    for path in [*PAGES, "/services", "/nothing", "/?period=never", "/?as_of=2010-01-01"]:
        page = await system.client.get(path, headers=BROWSER)
        assert notice in page.text, path


async def test_what_the_plan_says_is_text_and_never_markup(system: System) -> None:
    await system.adopt()
    name = "<script>alert(1)</script>"
    await system.post(
        "operations-feed", "operation.launched", "o", title=name, starts_on="2023-01-01", ends_on="2023-02-01",
        participants=[],
    )  # fmt: skip
    page = await system.client.get("/events/operations-feed/1")
    assert name not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


async def test_a_service_that_cannot_be_asked_is_told_as_a_page_that_says_what_to_do() -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    clients = {name: httpx.AsyncClient(base_url=nowhere, trust_env=False) for name in SERVICES}
    async with Dashboard(clients, DashboardSettings(), ServiceSettings()) as dashboard:
        transport = httpx.ASGITransport(dashboard.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            page = await client.get("/", headers=BROWSER)
            assert page.status_code == 503
            assert "A service does not answer" in page.text
            past = await client.get("/compare?period=2023-24&as_of=2024-03-31", headers=BROWSER)
            for link in ('<a class="button" href="./', '<a href="./compare'):
                assert f"{link}?period=2023-24&amp;as_of=2024-03-31" in past.text
            assert (await client.get("/services", headers=BROWSER)).status_code == 200
            ready = await client.get("/readyz")
            assert (ready.status_code, len(ready.json()["errors"])) == (503, 4)


async def test_services_are_asked_as_any_client_asks_them(system: System) -> None:
    await system.adopt()
    paths: list[str] = []

    async def noting(request: httpx.Request) -> None:
        paths.append(request.url.path)

    clients = {
        name: httpx.AsyncClient(
            transport=httpx.ASGITransport(system.app), base_url=f"http://one/{name}/", event_hooks={"request": [noting]}
        )
        for name in SERVICES
    }
    async with Dashboard(clients, DashboardSettings(), ServiceSettings()) as dashboard:
        transport = httpx.ASGITransport(dashboard.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            for path in PAGES:
                assert (await client.get(path)).status_code == 200
    assert paths
    assert {path.split("/")[2] for path in paths} == {"v1", "openapi.json"}
