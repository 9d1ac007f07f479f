"""In the one process, from the trace of a POST one comes to the fold of its event and to what the stream tells."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from opentelemetry.trace import SpanKind

from exported import Exported, said, service
from listener import listening
from system import System, opened, served
from traces import TRACE
from wco_common.log import Line
from wco_common.trace_context import NO_TRACE, text_of

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
UNSAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"


@pytest.fixture
def exported() -> Exported:
    return Exported()


@pytest.fixture
async def system(tmp_path: Path, exported: Exported) -> AsyncIterator[System]:
    async with AsyncExitStack() as stack:
        yield await opened(stack, tmp_path, spans=exported)


async def delivered(system: System, activity: str, headers: Mapping[str, str] = {}) -> str:
    """Post that an activity was delivered, and return its place once it is in the answers."""
    system.client.headers.update(headers)
    place = await system.post(
        "operations-feed",
        "assistance.delivered",
        activity,
        title=activity,
        delivered_on="2023-01-10",
        members=["KEN"],
        aligned_with=["SO1"],
        delivered_by="accredited",
    )
    for name in headers:
        del system.client.headers[name]
    await system.get("scorecard", period="2022-23", after=place)
    return place


async def kept(system: System, place: str) -> Line:
    line = await system.logs["operations-feed"].log.event(int(place.rpartition(":")[2]))
    assert line is not None
    return line


async def test_a_trace_leads_from_the_post_through_commit_and_fold_to_what_a_listener_is_told(
    system: System, exported: Exported
) -> None:
    await system.adopt()
    async with served(system.app) as address, listening(address, period="2022-23") as listener:
        await delivered(system, "a1", TRACE._asdict())
        _, told = await listener.until(lambda data: data["kpi"]["id"] == "SP3.alignment")
    assert told["cause"] == {"log": "operations-feed", "sequence": 1}
    found = {span.name: span for span in exported.of_trace(TRACE_ID)}
    post, commit = found["POST /operations-feed/v1/events"], found["commit operations-feed"]
    fold, evaluation = found["fold operations-feed"], found["evaluate changes"]
    assert {f"{span.context.trace_id:032x}" for span in (post, commit, fold, evaluation)} == {TRACE_ID}
    assert [service(span) for span in (post, commit, fold, evaluation)] == [
        "operations-feed",
        "operations-feed",
        "kpi-projector",
        "kpi-projector",
    ]
    assert commit.parent is not None
    assert commit.parent.span_id == post.context.span_id
    assert evaluation.parent is not None
    assert evaluation.parent.span_id == fold.context.span_id
    assert (post.kind, fold.kind) == (SpanKind.SERVER, SpanKind.CONSUMER)
    assert (said(post, "first"), said(fold, "first"), said(fold, "last")) == (1, 1, 1)
    kpis = said(evaluation, "kpis")
    assert isinstance(kpis, tuple)
    assert "SP3.alignment" in kpis


async def test_the_trace_of_a_client_is_kept_as_it_was_sent_and_its_state_with_it(
    system: System, exported: Exported
) -> None:
    assert (await kept(system, await delivered_before_a_plan(system, TRACE._asdict()))).trace == TRACE
    [post] = exported.named("POST /operations-feed/v1/events")
    assert post.context.trace_state.to_header() == TRACE.tracestate


async def delivered_before_a_plan(system: System, headers: Mapping[str, str] = {}) -> str:
    await system.adopt()
    return await delivered(system, "a1", headers)


async def test_without_a_clients_trace_the_span_of_the_post_itself_is_kept_beside_the_event(
    system: System, exported: Exported
) -> None:
    line = await kept(system, await delivered_before_a_plan(system))
    [post] = exported.named("POST /operations-feed/v1/events")
    assert line.trace == text_of(post.context)
    found = {span.name for span in exported.of_trace(f"{post.context.trace_id:032x}")}
    assert {"commit operations-feed", "fold operations-feed"} <= found


async def test_posts_that_share_a_commit_and_a_fold_are_linked_to_both(system: System, exported: Exported) -> None:
    await system.adopt()
    async with asyncio.TaskGroup() as group:
        for number in range(20):
            group.create_task(delivered(system, f"a{number}"))
    posts = exported.named("POST /operations-feed/v1/events")
    commits = exported.named("commit operations-feed")
    assert len(commits) < len(posts) == 20
    assert any(commit.links for commit in commits)
    for post in posts:
        found = [span.name for span in exported.of_trace(f"{post.context.trace_id:032x}")]
        assert {"commit operations-feed", "fold operations-feed"} <= set(found)


async def test_an_answer_is_linked_to_the_last_fold_that_it_rests_on(system: System, exported: Exported) -> None:
    await delivered_before_a_plan(system)
    [fold] = exported.named("fold operations-feed")
    get = exported.named("GET /kpi-projector/v1/scorecard")[-1]
    evaluations = [
        span for span in exported.named("evaluate") if span.parent is not None and span.parent == get.context
    ]
    assert evaluations
    for evaluation in evaluations:
        assert fold.context.span_id in {link.context.span_id for link in evaluation.links}


async def test_a_trace_that_nobody_samples_makes_no_span_and_is_kept_all_the_same(
    system: System, exported: Exported
) -> None:
    await system.adopt()
    before = len(exported.named("fold operations-feed"))
    line = await kept(system, await delivered(system, "a1", {"traceparent": UNSAMPLED}))
    assert (line.traceparent, line.tracestate) == (UNSAMPLED, None)
    assert exported.of_trace(TRACE_ID) == []
    assert len(exported.named("fold operations-feed")) == before


async def test_nothing_but_the_api_makes_spans(system: System, exported: Exported) -> None:
    for path in ("/operations-feed/livez", "/operations-feed/readyz", "/kpi-projector/metrics", "/livez", "/readyz"):
        assert (await system.client.get(path)).status_code == 200
    assert exported.spans == []


async def test_a_refusal_is_a_span_with_its_status_and_nothing_of_what_was_sent(
    system: System, exported: Exported
) -> None:
    answer = await system.client.post(
        "/operations-feed/v1/events", content=b"[secret]", headers={"content-type": "application/cloudevents+json"}
    )
    [post] = exported.spans
    attributes = dict(post.attributes or {})
    assert attributes["http.response.status_code"] == answer.status_code == 400
    assert attributes["http.route"] == "/operations-feed/v1/events"
    assert not re.search("secret", post.to_json())


async def test_without_an_exporter_nothing_is_kept_that_no_client_sent(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path)
        assert (await kept(system, await delivered_before_a_plan(system))).trace == NO_TRACE
