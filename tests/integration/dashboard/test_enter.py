"""Events are entered in forms: there is one for each type, and what it records is what is posted over the API."""

import html
import json
import re
from pathlib import Path

import httpx
import pytest

from dashboard.app import Dashboard
from dashboard.settings import DashboardSettings
from folding import CATALOGUE
from integration.dashboard.forms import BROWSER, controls, faults, filled, form_of, recorded, said, send
from system import System
from wco_cluster.part import free_port
from wco_common.settings import ServiceSettings
from wco_common.spreadsheet.kind import KINDS
from wco_embedded.services import SERVICES
from wco_embedded.spreadsheet.template import run
from wco_events.event_type import LogName
from wco_events.iso import MEMBERS
from wco_events.registry import EVENT_TYPES_BY_LOG


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


async def test_an_entry_is_of_now_also_from_a_page_of_a_past_moment(system: System) -> None:
    await system.adopt()
    moment = (await system.get("plan"))["as_of"]["time"]
    page = (await system.client.get("/enter/survey.closed", params={"as_of": moment})).text
    assert "What is entered here is recorded now." in page
    assert f'<a class="brand" href="../?as_of={moment}">' in page


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
