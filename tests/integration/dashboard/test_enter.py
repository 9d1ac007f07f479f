"""Events are entered in forms: recorded as over the API, refused at the wrong field, and once however often sent."""

import html
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from dashboard.app import Dashboard
from dashboard.field import Values
from dashboard.parts import Group
from dashboard.schema import field_of
from dashboard.settings import DashboardSettings
from folding import CATALOGUE
from system import System, opened
from wco_cluster.part import free_port
from wco_common.settings import ServiceSettings
from wco_common.spreadsheet.kind import KINDS
from wco_embedded.services import SERVICES
from wco_embedded.spreadsheet.template import run
from wco_events.event_type import LogName
from wco_events.iso import MEMBERS
from wco_events.registry import EVENT_TYPES_BY_LOG

BROWSER = {"accept": "text/html", "sec-fetch-site": "same-origin"}
CONTROL = re.compile(
    r"""<input\ [^>]*?name="([^"]*)"[^>]*?\ value="([^"]*)"
    |<textarea\ [^>]*?name="([^"]*)"[^>]*>\n?([^<]*)<
    |<select\ [^>]*?name="([^"]*)"[^>]*>(.*?)</select>""",
    re.DOTALL | re.VERBOSE,
)
LOG_OF = {each.name: log for log, types in EVENT_TYPES_BY_LOG.items() for each in types}


@pytest.fixture
async def system(tmp_path: Path) -> AsyncIterator[System]:
    async with AsyncExitStack() as stack:
        yield await opened(stack, tmp_path)


async def form_of(system: System, name: str) -> Group:
    """The fields of a type's form."""
    told = (await system.client.get(f"/{LOG_OF[name]}/v1/types")).json()["types"]
    (schema,) = (each["schema"] for each in told if each["type"] == f"org.wcoomd.{name}.v1")
    field = field_of(schema, schema)
    assert isinstance(field, Group)
    return field


async def filled(system: System, name: str, event: Any) -> Values:
    """What stands in the form of a type once an event is put into it."""
    values: Values = {}
    (await form_of(system, name)).fill("", event, values)
    return values


def said(values: Values) -> Values:
    """What a form says of an event, without what is empty."""
    return {name: texts for name, texts in values.items() if texts != [""] and name != "tried"}


async def send(system: System, name: str, values: Values, do: str, **headers: str) -> httpx.Response:
    return await system.client.post(f"/enter/{name}", data={**values, "do": do}, headers=BROWSER | headers)


async def recorded(system: System, log: str) -> list[Any]:
    answer = await system.client.get(f"/{log}/v1/events", params={"limit": 1000})
    events: list[Any] = answer.json()
    return events


def controls(page: str) -> Values:
    """What stands in the controls of a page's form, as a browser would send it."""
    form = page[page.index('<form id="entry"') : page.index("</form>", page.index('<form id="entry"'))]
    values: Values = {}
    for found in CONTROL.finditer(form):
        name = found[1] or found[3] or found[5]
        chosen = re.search(r'<option value="([^"]*)"[^>]* selected>', found[6] or "")
        text = found[2] or found[4] or (chosen[1] if chosen else "")
        values.setdefault(html.unescape(name), []).append(html.unescape(text or ""))
    return values


def faults(page: str) -> dict[str, str]:
    """What a page says is wrong, by the names of controls."""
    shown = re.findall(r'<p class="fault" id="([^"]*)~fault">([^<]*)</p>', page)
    return {html.unescape(name): html.unescape(said) for name, said in shown}


@pytest.mark.parametrize("log", EVENT_TYPES_BY_LOG)
async def test_every_type_of_event_has_a_form_that_holds_what_is_put_into_it(system: System, log: LogName) -> None:
    for event_type in EVENT_TYPES_BY_LOG[log]:
        new = await system.client.get(f"/enter/{event_type.name}")
        assert new.status_code == 200
        begun = controls(new.text)
        assert begun["/source"] == ["urn:wco-kpi:dashboard"]
        assert len(begun["/id"][0]) == 36
        values = await filled(system, event_type.name, event_type.example)
        page = await send(system, event_type.name, values, "check")
        assert page.status_code == 200
        assert said(controls(page.text)) == said(values)


@pytest.mark.parametrize("log", EVENT_TYPES_BY_LOG)
async def test_what_is_entered_is_recorded_as_what_is_posted(system: System, log: LogName) -> None:
    for sequence, event_type in enumerate(EVENT_TYPES_BY_LOG[log], 1):
        values = await filled(system, event_type.name, event_type.example)
        tried = await send(system, event_type.name, values, "check")
        assert "It would be recorded." in tried.text
        answer = await send(system, event_type.name, values, "record")
        assert (answer.status_code, answer.headers["location"]) == (303, f"../recorded/{log}/{sequence}")
        page = await system.client.get(f"/recorded/{log}/{sequence}")
        assert page.status_code == 200
        assert f"as number {sequence} of {log}" in page.text
    events = await recorded(system, log)
    added = {"sequence", "recordedtime", "subjectversion"}
    assert [{key: event[key] for key in event if key not in added} for event in events] == [
        dict(each.example) for each in EVENT_TYPES_BY_LOG[log]
    ]


@pytest.mark.parametrize("log", EVENT_TYPES_BY_LOG)
async def test_a_form_shows_each_fault_that_the_service_tells_of_at_its_field(system: System, log: LogName) -> None:
    for event_type in EVENT_TYPES_BY_LOG[log]:
        begun = controls((await system.client.get(f"/enter/{event_type.name}")).text)
        page = await send(system, event_type.name, begun, "record")
        event = (await form_of(system, event_type.name)).write("", begun) or ""
        answer = await system.client.post(
            f"/{log}/v1/events", content=event, headers={"content-type": "application/cloudevents+json"}
        )
        assert page.status_code == answer.status_code == 422
        assert faults(page.text) == {each["pointer"]: each["detail"] for each in answer.json()["errors"]}
        for name in faults(page.text):
            assert f'<a href="#{name}">' in page.text
            control = re.search(rf'<(?:input|select|textarea|fieldset) [^>]*id="{re.escape(name)}"[^>]*>', page.text)
            assert control is not None
            assert f"{name}~fault" in control[0]
            assert ('aria-invalid="true"' in control[0]) != control[0].startswith("<fieldset")
    assert await recorded(system, log) == []


async def test_what_was_typed_stays_when_it_is_refused(system: System) -> None:
    values: Values = {
        "/id": ["mine"], "/source": ["urn:example:tests"], "/subject": ["no such <id>"], "/data/title": ["One\ntwo"],
        "/data/theme": [""], "/data/starts_on": ["2025-02-30"], "/data/ends_on": ["2025-01-01"],
        "/data/participants": ["", "3", "1"], "/data/participants/3": ["FRA"], "/data/participants/1": ['"X'],
    }  # fmt: skip
    page = await send(system, "operation.launched", values, "record")
    assert page.status_code == 422
    kept = controls(page.text)
    assert {key: kept[key] for key in values} == values
    assert faults(page.text).keys() == {"/subject", "/data/starts_on", "/data/participants/1"}
    assert await recorded(system, "operations-feed") == []


async def test_what_was_typed_stays_in_another_language(system: System) -> None:
    reported = next(each for each in EVENT_TYPES_BY_LOG["operations-feed"] if each.name == "seizure.reported")
    await system.client.post(
        "/operations-feed/v1/events",
        content=json.dumps(EVENT_TYPES_BY_LOG["operations-feed"][0].example),
        headers={"content-type": "application/cloudevents+json"},
    )
    await send(system, reported.name, await filled(system, reported.name, reported.example), "record")
    page = await system.client.get("/enter/seizure.corrected?like=2&period=2023-24")
    begun = controls(page.text)
    values = begun | {"/subject": ["typed"], "/data/reason": [""]}
    (french,) = re.findall(r'formaction="([^"]*lang=fr)"', page.text)
    address = page.url.join(html.unescape(french))
    assert str(address) == "http://testserver/enter/seizure.corrected?period=2023-24&lang=fr"
    shown = await system.client.post(str(address), data={**values, "do": "show"}, headers=BROWSER)
    assert '<html lang="fr">' in shown.text
    assert controls(shown.text) == values
    assert faults(shown.text) == dict.fromkeys(faults(shown.text), "")
    # Once it was checked, what is wrong is said in each language.
    checked = await send(system, reported.name, controls(shown.text), "check")
    both = [await send(system, reported.name, controls(checked.text), do) for do in ("show", "check")]
    assert faults(both[0].text) == faults(both[1].text)
    assert any(faults(both[0].text).values())


@pytest.mark.parametrize("log", EVENT_TYPES_BY_LOG)
async def test_a_form_speaks_the_language_of_the_page(system: System, log: LogName) -> None:
    for event_type in EVENT_TYPES_BY_LOG[log]:
        values = await filled(system, event_type.name, event_type.example)
        page = await send(system, event_type.name, values, "show", **{"accept-language": "fr"})
        assert said(controls(page.text)) == said(values)
        english = re.findall(r'<[^>]* lang="en"[^>]*>', page.text.partition("<main")[2])
        # Examples stand as they are sent.
        assert [each for each in english if 'class="key"' not in each] == []


async def test_options_have_words_and_stand_for_the_codes_that_are_sent(system: System) -> None:
    for language, words in (("en", "annual survey"), ("fr", "enquête annuelle")):
        page = await system.client.get("/enter/survey.opened", headers={"accept-language": language})
        assert f'<option value="annual">{words}</option>' in page.text


async def test_enter_checks_whatever_other_buttons_there_are(system: System) -> None:
    for page in (
        await system.client.get("/enter/survey.closed"),
        await send(system, "survey.closed", {"/subject": ["typed"]}, "check"),
    ):
        first = next(
            button
            for button in re.findall(r"<button[^>]*>", page.text)
            if 'form="entry"' in button or page.text.index(button) > page.text.index('<form id="entry"')
        )
        assert 'value="check"' in first


async def test_what_is_sent_twice_is_recorded_once(system: System) -> None:
    event_type = EVENT_TYPES_BY_LOG["operations-feed"][0]
    values = await filled(system, event_type.name, event_type.example)
    first = await send(system, event_type.name, values, "record")
    again = await send(system, event_type.name, values, "record")
    assert again.headers["location"] == f"{first.headers['location']}?again=true"
    page = await system.client.get("/recorded/operations-feed/1?again=true")
    assert "nothing was written a second time" in page.text
    assert len(await recorded(system, "operations-feed")) == 1


async def test_another_event_under_the_same_id_is_refused_and_goes_through_under_a_new_one(system: System) -> None:
    event_type = EVENT_TYPES_BY_LOG["operations-feed"][0]
    values = await filled(system, event_type.name, event_type.example)
    await send(system, event_type.name, values, "record")
    values |= {"/subject": ["another"]}
    page = await send(system, event_type.name, values, "record")
    assert page.status_code == 409
    assert 'value="rename"' in page.text
    renamed = controls((await send(system, event_type.name, values, "rename")).text)
    assert renamed["/id"] != values["/id"]
    assert (await send(system, event_type.name, renamed, "record")).status_code == 303
    assert [event["subject"] for event in await recorded(system, "operations-feed")] == ["milestone-i", "another"]


async def test_rows_are_added_and_taken_away_without_losing_anything(system: System) -> None:
    page = await system.client.get("/enter/survey.submitted?subject=annual-2022")
    for do in (
        "add:/data/ratings",
        "add:/data/instruments",
        "add:/data/instruments",
        "add:/data/instruments/0/reasons",
    ):
        page = await send(system, "survey.submitted", controls(page.text), do)
        assert page.text.count(" autofocus") == 1
    values = controls(page.text)
    assert values["/subject"] == ["annual-2022"]
    values |= {
        "/data/ratings/0:key": ["overall"],
        "/data/ratings/0": ["4"],
        "/data/instruments/1/instrument": ["waste"],
    }
    values |= {"/data/instruments/0/reasons/0": ["cost"]}
    kept = controls((await send(system, "survey.submitted", values, "remove:/data/instruments/0")).text)
    assert {name: text for name, text in values.items() if not name.startswith("/data/instruments/0")} == {
        **kept,
        "/data/instruments": ["", "0", "1"],
    }


async def test_what_is_wrong_is_still_said_when_a_row_is_added_after_a_check(system: System) -> None:
    new = controls((await system.client.get("/enter/operation.launched")).text)
    assert faults((await send(system, "operation.launched", new, "add:/data/participants")).text) == {}
    checked = await send(system, "operation.launched", new, "check")
    added = await send(system, "operation.launched", controls(checked.text), "add:/data/participants")
    assert faults(added.text).keys() == faults(checked.text).keys() | {"/data/participants/0"}
    assert added.text.count(" autofocus") == 1


async def test_a_whole_plan_and_a_whole_list_of_members_are_entered(system: System) -> None:
    plan = {"id": "plan", "source": "urn:example:tests", "data": json.loads(CATALOGUE.read_bytes())}
    values = await filled(system, "plan.adopted", plan | {"subject": "sp-2022-2025"})
    assert (await send(system, "plan.adopted", values, "record")).status_code == 303
    listed = [{"iso3": member, "region": "EUR"} for member in sorted(MEMBERS)]
    data = {"effective_on": "2022-07-01", "members": listed}
    members = {"id": "members", "source": "urn:example:tests", "subject": "members", "data": data}
    values = await filled(system, "members.listed", members)
    assert (await send(system, "members.listed", values, "record")).status_code == 303
    assert [event["data"] for event in await recorded(system, "plan-registry")] == [plan["data"], data]


async def test_a_form_begins_with_what_an_event_says_that_comes_before(system: System) -> None:
    for event_type in EVENT_TYPES_BY_LOG["operations-feed"][:4]:
        await send(system, event_type.name, await filled(system, event_type.name, event_type.example), "record")
    reported = EVENT_TYPES_BY_LOG["operations-feed"][2].example
    page = (await system.client.get("/enter/seizure.corrected?like=3")).text
    begun = (await form_of(system, "seizure.corrected")).write("", controls(page)) or ""
    assert json.loads(begun)["data"] == reported["data"]
    assert json.loads(begun)["subject"] == reported["subject"]
    assert json.loads(begun)["id"] != reported["id"]
    for like, status in (("999", 404), ("mine", 422)):
        assert (await system.client.get(f"/enter/seizure.corrected?like={like}")).status_code == status


@pytest.mark.parametrize(
    ("headers", "pointer"),
    [
        ({"sec-fetch-site": "cross-site"}, "sec-fetch-site"),
        ({"sec-fetch-site": "same-site"}, "sec-fetch-site"),
        ({"origin": "https://elsewhere.example"}, "origin"),
        ({"origin": "null"}, "origin"),
        ({"origin": "http://["}, "origin"),
        ({"origin": "http://testserver:81"}, "origin"),
    ],
)
async def test_a_form_that_another_site_s_page_sends_is_refused(
    system: System, headers: dict[str, str], pointer: str
) -> None:
    event_type = EVENT_TYPES_BY_LOG["operations-feed"][0]
    values = await filled(system, event_type.name, event_type.example)
    answer = await system.client.post(f"/enter/{event_type.name}", data={**values, "do": "record"}, headers=headers)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert await recorded(system, "operations-feed") == []


@pytest.mark.parametrize("headers", [{}, {"origin": "http://testserver"}, {"sec-fetch-site": "none"}])
async def test_a_form_of_these_pages_is_taken_whatever_the_browser_tells(
    system: System, headers: dict[str, str]
) -> None:
    event_type = EVENT_TYPES_BY_LOG["operations-feed"][0]
    values = await filled(system, event_type.name, event_type.example)
    answer = await system.client.post(f"/enter/{event_type.name}", data={**values, "do": "record"}, headers=headers)
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("body", "status"), [(b"/id=%ff", 422), (b"\xff", 422), (b"a" * (1024 * 1024 + 1), 413), (b"", 422)]
)
async def test_what_is_no_form_is_refused(system: System, body: bytes, status: int) -> None:
    sent = body or b"do=record"
    answer = await system.client.post("/enter/survey.closed", content=sent, headers=BROWSER)
    assert answer.status_code == status
    assert await recorded(system, "survey-intake") == []


@pytest.mark.parametrize(
    "path",
    ["/enter/nothing.happened", "/enter/templates/seizures.ods", "/recorded/nothing/1", "/recorded/plan-registry/1"],
)
async def test_what_there_is_not_is_not_found(system: System, path: str) -> None:
    assert (await system.client.get(path, headers=BROWSER)).status_code == 404


async def test_every_type_is_to_be_found_by_what_it_says_of_itself(system: System) -> None:
    page = (await system.client.get("/enter", headers={"accept-language": "en"})).text
    for types in EVENT_TYPES_BY_LOG.values():
        for each in types:
            assert f'<a href="./enter/{each.name}">' in page
            assert html.escape(each.summary, quote=False).replace("'", "&#39;") in page


def written_templates(folder: Path) -> dict[str, bytes]:
    """What `wco-kpi import-template` writes, of all kinds."""
    for kind in KINDS:
        run(kind, folder)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def test_a_template_of_each_spreadsheet_is_downloaded_as_the_command_writes_it(
    system: System, tmp_path: Path
) -> None:
    page = await system.client.get("/enter")
    assert "wco-kpi import seizures" in page.text
    linked = re.findall(r'<a href="([^"]*/templates/[^"]*)" download>', page.text)
    files = written_templates(tmp_path / "templates")
    assert len(files) == 3 * len(KINDS)
    taken = {link.rpartition("/")[2]: await system.client.get(str(page.url.join(link))) for link in linked}
    assert {name: answer.content for name, answer in taken.items()} == files
    for name, answer in taken.items():
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        again = await system.client.get(answer.url, headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304


async def test_what_an_event_changed_is_shown_once_the_figures_have_it(system: System) -> None:
    await system.adopt()
    days = {"starts_on": "2022-10-01", "ends_on": "2022-10-31"}
    await system.post("operations-feed", "operation.launched", "op", title="One", participants=[], **days)
    values: Values = {
        "/id": ["mine"], "/source": ["urn:example:tests"], "/subject": ["op"], "/data/stage": ["final"],
        "/data/published_on": ["2022-12-01"], "/data/totals/seizures": ["7"],
    }  # fmt: skip
    answer = await send(system, "operation.report-published", values, "record")
    page = (await system.client.get(f"/enter/{answer.headers['location']}")).text
    # Whatever period the page is of: also the period after differs, which is held against this one.
    assert re.findall("<h3>(.*)</h3>", page) == ["2022–23", "2023–24", "Whole plan"]
    assert page.count('<span class="code">SP2.seizures</span>') == 3
    assert '<span class="code">SO1.completion</span>' not in page
    compared = re.findall(r'href="([^"]*compare[^"]*)"', page.partition("<main")[2])
    assert ["period=2022-23" in each for each in compared] == [True, False, False]
    for each in compared:
        beside = await system.client.get(f"/recorded/operations-feed/{html.unescape(each)}")
        assert (beside.status_code, 'id="change-SP2.seizures"' in beside.text) == (200, True)


async def test_a_correction_in_a_period_that_is_over_is_told_of_that_period(system: System) -> None:
    await system.adopt()
    days = {"starts_on": "2023-10-01", "ends_on": "2023-10-31"}
    await system.post("operations-feed", "operation.launched", "op", title="One", participants=[], **days)
    for totals in ({"seizures": 7}, {"seizures": 8}):
        place = await system.post(
            "operations-feed", "operation.report-published", "op", stage="final", published_on="2023-12-01",
            totals=totals,
        )  # fmt: skip
    log, _, sequence = place.partition(":")
    page = (await system.client.get(f"/recorded/{log}/{sequence}?period=2024-25")).text
    assert re.findall("<h3>(.*)</h3>", page) == ["2023–24", "2024–25", "Whole plan"]
    unmoved = (await system.client.get(f"/recorded/{log}/1")).text
    assert re.findall("<h3>(.*)</h3>", unmoved) == []
    assert "No indicator, neither of the whole plan nor of any of its periods." in unmoved


async def test_a_period_that_an_event_adds_to_the_plan_is_not_compared_with_what_was_not(system: System) -> None:
    await system.adopt()
    plan = json.loads(CATALOGUE.read_bytes())
    plan["periods"].append({"id": "2025-26", "starts_on": "2025-07-01", "ends_on": "2026-06-30"})
    place = await system.post(
        "plan-registry", "plan.revised", "sp-2022-2025", **{**plan, "ends_on": "2026-06-30"}, reason="one year more"
    )
    page = await system.client.get(f"/recorded/{place.replace(':', '/')}")
    assert page.status_code == 200
    assert "2025–26" not in re.findall("<h3>(.*)</h3>", page.text)


async def test_an_entry_is_of_now_also_from_a_page_of_a_past_moment(system: System) -> None:
    await system.adopt()
    moment = (await system.get("plan"))["as_of"]["time"]
    page = (await system.client.get("/enter/survey.closed", params={"as_of": moment})).text
    assert "What is entered here is recorded now." in page
    assert f'<a class="brand" href="../?as_of={moment}">' in page


class Between(httpx.AsyncBaseTransport):
    """What stands between the dashboard and a service: as long as nothing is wrong, nothing."""

    def __init__(self, system: System) -> None:
        self._through = httpx.ASGITransport(system.app)
        self.wrong = ""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.wrong == "the service is gone":
            raise httpx.ConnectError("refused")
        answer = await self._through.handle_async_request(request)
        if self.wrong and request.method == "POST":
            await answer.aread()
            if self.wrong == "the connection is lost":
                raise httpx.ReadError("the connection was lost")
            is_gateway = "gateway" in self.wrong
            return httpx.Response(502 if is_gateway else 201, content=b"<h1>No answer</h1>" if is_gateway else b"{")
        return answer


@pytest.mark.parametrize(
    ("wrong", "says", "recorded"),
    [
        ("the service is gone", "Nothing is recorded", False),
        ("the connection is lost", "Whether it was recorded is not known", True),
        ("a gateway has no patience", "Whether it was recorded is not known", True),
        ("the answer is cut", "Whether it was recorded is not known", True),
    ],
)
async def test_whatever_becomes_of_what_is_sent_what_was_typed_stays_and_nothing_untrue_is_said(
    system: System, wrong: str, says: str, recorded: bool
) -> None:
    await system.adopt()
    event_type = next(each for each in EVENT_TYPES_BY_LOG["survey-intake"] if each.name == "survey.opened")
    values = await filled(system, event_type.name, event_type.example)
    between = Between(system)
    clients = {name: httpx.AsyncClient(transport=between, base_url=f"http://testserver/{name}/") for name in SERVICES}
    async with Dashboard(clients, DashboardSettings(), ServiceSettings()) as dashboard:
        transport = httpx.ASGITransport(dashboard.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            await client.get(f"/enter/{event_type.name}", headers=BROWSER)
            between.wrong = wrong
            page = await client.post(f"/enter/{event_type.name}", data={**values, "do": "record"}, headers=BROWSER)
            assert page.status_code == 503
            assert says in page.text
            assert said(controls(page.text)) == said(values)
            between.wrong = ""
            again = await client.post(f"/enter/{event_type.name}", data={**values, "do": "record"}, headers=BROWSER)
    assert again.status_code == 303
    assert ("again=true" in again.headers["location"]) == recorded


async def test_a_form_of_more_controls_than_are_taken_is_refused(system: System) -> None:
    many = {f"/data/{number}": "" for number in range(10_000)}
    answer = await system.client.post("/enter/survey.opened", data={**many, "do": "check"}, headers=BROWSER)
    assert answer.status_code == 413


async def test_a_log_that_does_not_answer_is_said_beside_those_that_do(system: System) -> None:
    def base(name: str) -> str:
        return f"http://127.0.0.1:{free_port()}" if name == "survey-intake" else f"http://testserver/{name}/"

    clients = {
        name: httpx.AsyncClient(
            transport=None if name == "survey-intake" else httpx.ASGITransport(system.app),
            base_url=base(name),
            trust_env=False,
        )
        for name in SERVICES
    }
    async with Dashboard(clients, DashboardSettings(), ServiceSettings()) as dashboard:
        transport = httpx.ASGITransport(dashboard.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            page = await client.get("/enter")
            assert page.status_code == 200
            assert "This service does not answer now" in page.text
            assert "./enter/operation.launched" in page.text
            assert (await client.get("/enter/operation.launched")).status_code == 200
            assert (await client.get("/enter/survey.closed", headers=BROWSER)).status_code == 503
