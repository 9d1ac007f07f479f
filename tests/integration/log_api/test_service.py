"""A log service as a whole: its problems, its documentation, its health, alone and under a prefix."""

import json
import re
import time
from typing import Any

import httpx
import jsonschema_rs
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount

from integration.log_api.requesting import Make, post, post_batch, problem
from operations_feed.decide import OperationsFeedDecider
from wco_common.log_service import LogService
from wco_common.settings import LogSettings


async def test_an_unknown_address_is_a_problem(client: httpx.AsyncClient) -> None:
    for address in (
        "/",
        "/v1",
        "/v1/",
        "/v1/events/",
        "/v2/events",
        "/v1/heads",
        "/docs-assets/none.js",
        "/openapi.json/",
    ):
        problem(await client.get(address), 404, "not-found")


@pytest.mark.parametrize(
    ("method", "address", "allow"),
    [
        ("PUT", "/v1/events", "GET, HEAD, POST"),
        ("DELETE", "/v1/events/1", "GET, HEAD"),
        ("POST", "/v1/head", "GET, HEAD"),
        ("PATCH", "/v1/subjects/operation/a", "GET, HEAD"),
        ("POST", "/livez", "GET, HEAD"),
        ("POST", "/openapi.json", "GET, HEAD"),
    ],
)
async def test_a_wrong_method_is_a_problem_that_names_the_right_ones(
    client: httpx.AsyncClient, method: str, address: str, allow: str
) -> None:
    response = await client.request(method, address)
    problem(response, 405, "method-not-allowed")
    assert response.headers["allow"] == allow


@pytest.mark.parametrize(
    "address",
    ["/v1/events", "/v1/events/1", "/v1/head", "/v1/types", "/v1/subjects/operation/op1", "/livez", "/readyz",
     "/metrics", "/openapi.json", "/docs"],
)  # fmt: skip
async def test_what_can_be_got_has_a_head(client: httpx.AsyncClient, launched: Make, address: str) -> None:
    await post(client, launched(subject="op1"))
    got, headed = await client.get(address), await client.head(address)
    assert (got.status_code, headed.status_code) == (200, 200)
    assert headed.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize(
    "address",
    ["/v1/head", "/v1/types", "/v1/events/1", "/v1/subjects/operation/op1", "/livez", "/readyz", "/metrics",
     "/openapi.json", "/docs"],
)  # fmt: skip
async def test_an_unknown_parameter_is_refused_everywhere(client: httpx.AsyncClient, address: str) -> None:
    assert problem(await client.get(f"{address}?verbose=1"), 422, "invalid")["errors"][0]["pointer"] == "/verbose"


async def test_an_error_that_nobody_expected_is_a_problem_that_tells_nothing_of_the_inside(
    service: LogService, client: httpx.AsyncClient
) -> None:
    async def broken(request: Request) -> Response:
        raise KeyError("secret")

    service.app.add_route("/broken", broken)
    response = await client.get("/broken", headers={"x-request-id": "r-1"})
    body = problem(response, 503, "unavailable")
    assert "secret" not in response.text
    assert "r-1" in body["detail"]


async def test_a_database_that_fails_is_a_problem_that_may_pass(
    service: LogService, client: httpx.AsyncClient, launched: Make
) -> None:
    await post(client, launched())
    async with service.log.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE event RENAME TO gone")
    for address, accept in (
        ("/v1/events/1", "*/*"),
        ("/v1/events", "*/*"),
        ("/v1/events", "application/x-ndjson"),
    ):
        response = await client.get(address, headers={"accept": accept})
        assert problem(response, 503, "unavailable")["detail"] == "the database cannot be asked now"


async def test_a_service_that_is_not_entered_is_unavailable(sqlite_url: str) -> None:
    closed = LogService("operations-feed", OperationsFeedDecider(), LogSettings(database_url=sqlite_url))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=closed.app), base_url="http://x.test") as client:
        problem(await client.get("/v1/head"), 503, "unavailable")
        problem(await client.get("/readyz"), 503, "unavailable")
        assert (await client.get("/livez")).status_code == 200
        assert (await client.get("/metrics")).status_code == 200


async def test_a_service_is_alive_and_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/livez")).json() == {"status": "alive"}
    assert (await client.get("/readyz")).json()["status"] == "ready"


async def test_a_service_whose_database_is_gone_is_alive_and_says_what_is_wrong(
    service: LogService, client: httpx.AsyncClient
) -> None:
    async with service.log.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE head RENAME TO gone")
    assert (await client.get("/livez")).status_code == 200
    assert problem(await client.get("/readyz"), 503, "unavailable")["errors"][0]["pointer"] == "/log"


async def metric(client: httpx.AsyncClient, name: str) -> float:
    text = (await client.get("/metrics")).text
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, text
    return float(found[1])


async def test_metrics_count_what_happened(client: httpx.AsyncClient, launched: Make) -> None:
    event, began = launched(), time.monotonic()
    await post_batch(client, [event, launched()])
    await post(client, event)
    await post(client, launched(id=""))
    await client.get("/v1/events/1")
    assert await metric(client, "wco_kpi_events_recorded_total") == 2
    assert await metric(client, "wco_kpi_events_duplicate_total") == 1
    assert await metric(client, 'wco_kpi_refusals_total{slug="invalid"}') == 1
    requests = "wco_kpi_http_requests_total"
    assert await metric(client, requests + '{method="POST",route="/v1/events",status="201"}') == 1
    assert await metric(client, requests + '{method="GET",route="/v1/events/{sequence}",status="200"}') == 1
    assert await metric(client, "wco_kpi_commit_seconds_count") == 2
    assert await metric(client, "wco_kpi_commit_events_sum") == 2
    assert await metric(client, "wco_kpi_append_queue_length") == 0
    age = await metric(client, "wco_kpi_closed_time_age_seconds")
    assert 0 <= age <= time.monotonic() - began + 1  # one clock may be set meanwhile


async def openapi(client: httpx.AsyncClient) -> dict[str, Any]:
    document: dict[str, Any] = (await client.get("/openapi.json")).json()
    return document


async def test_openapi_names_every_address(client: httpx.AsyncClient, service: LogService) -> None:
    document = await openapi(client)
    assert set(document["paths"]) == {
        "/v1/events", "/v1/events/{sequence}", "/v1/head", "/v1/types", "/v1/subjects/{kind}/{subject}",
        "/livez", "/readyz", "/metrics",
    }  # fmt: skip
    text = json.dumps(document)
    for reference in set(re.findall(r'"#/components/schemas/([^"]+)"', text)):
        assert reference in document["components"]["schemas"]
    assert "HTTPValidationError" not in text


async def test_openapis_examples_are_events_that_the_log_takes(client: httpx.AsyncClient) -> None:
    content = (await openapi(client))["paths"]["/v1/events"]["post"]["requestBody"]["content"]
    for example in content["application/cloudevents+json"]["examples"].values():
        response = await post(client, example["value"])
        assert response.status_code == 201, response.text


async def test_answers_are_as_openapi_says(client: httpx.AsyncClient, launched: Make) -> None:
    document = await openapi(client)

    def check(response: httpx.Response, path: str) -> None:
        operation = document["paths"][path][response.request.method.lower()]
        content = operation["responses"][str(response.status_code)]["content"]
        schema = content[response.headers["content-type"]]["schema"]
        jsonschema_rs.validate(schema | {"components": document["components"]}, response.json())

    event = launched(subject="op1")
    check(await post(client, event, "?dry_run=true"), "/v1/events")
    check(await post(client, event), "/v1/events")
    check(await post(client, event), "/v1/events")
    check(await post(client, launched(subject="op1")), "/v1/events")
    check(await post(client, launched(id="")), "/v1/events")
    check(await post(client, launched(), if_match='"7"'), "/v1/events")
    check(await post(client, launched(), content_type="text/plain"), "/v1/events")
    check(await post_batch(client, [launched()]), "/v1/events")
    check(await post_batch(client, []), "/v1/events")
    check(await post_batch(client, [launched()], "?dry_run=true"), "/v1/events")
    check(await client.get("/v1/events"), "/v1/events")
    check(await client.get("/v1/events", headers={"accept": "text/html"}), "/v1/events")
    check(await client.get("/v1/events/1"), "/v1/events/{sequence}")
    check(await client.get("/v1/events/99"), "/v1/events/{sequence}")
    check(await client.get("/v1/head"), "/v1/head")
    check(await client.get("/v1/head?x=1"), "/v1/head")
    check(await client.get("/v1/types"), "/v1/types")
    check(await client.get("/v1/subjects/operation/op1"), "/v1/subjects/{kind}/{subject}")
    check(await client.get("/v1/subjects/operation/none"), "/v1/subjects/{kind}/{subject}")
    check(await client.get("/readyz"), "/readyz")


async def test_the_documentation_page_asks_nothing_of_other_servers(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert "://" not in page.text
    for asset in re.findall(r'(?:src|href)="([^":]+)"', page.text):
        assert (await client.get(str(page.url.join(asset)))).status_code == 200
    assert (await client.get(str(page.url.join("openapi.json")))).status_code == 200


async def test_under_a_prefix_the_same_addresses_and_relative_links_hold(service: LogService, launched: Make) -> None:
    whole = Starlette(routes=[Mount("/operations-feed", app=service.app)])
    transport = httpx.ASGITransport(app=whole)
    async with httpx.AsyncClient(transport=transport, base_url="http://wco.test/operations-feed") as client:
        posted = await post(client, launched())
        assert posted.headers["location"] == "events/1"
        assert (await client.get(str(posted.url.join(posted.headers["location"])))).status_code == 200
        await post(client, launched())
        page = await client.get("/v1/events?limit=1")
        following = str(page.url.join(page.links["next"]["url"]))
        assert following == "http://wco.test/operations-feed/v1/events?after=1&limit=1"
        assert (await client.get(following)).json()[0]["sequence"] == "0000000000000002"
        assert (await openapi(client))["servers"] == [{"url": "/operations-feed"}]
        docs = await client.get("/docs")
        assert (await client.get(str(docs.url.join("docs-assets/swagger-ui-bundle.js")))).status_code == 200
        problem(await client.get("/nothing"), 404, "not-found")
        problem(await client.put("/v1/events"), 405, "method-not-allowed")
        assert (await client.get("/livez")).status_code == 200
