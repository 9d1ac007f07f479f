"""Pages in French: what figures, units and states are called, and how numbers are written."""

import html
import re

from system import System

_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


async def page(system: System, path: str) -> str:
    """What stands on a page."""
    answer = await system.client.get(path, headers={"accept-language": "fr"})
    assert answer.status_code == 200
    return answer.text


async def test_a_baseline_is_written_with_a_comma(system: System) -> None:
    await system.adopt()
    place = await system.post(
        "plan-registry", "baseline.set", "RES.satisfaction", value="47.5", measured_on="2022-06-30", source="survey"
    )
    await system.shown(place)
    said = await page(system, "/desk/baselines")
    assert "47,5" in said
    assert "47.5" not in said
    assert "47.5" in (await system.client.get("/desk/baselines", headers={"accept-language": "en"})).text


async def test_units_and_states_have_french_words(system: System) -> None:
    await system.adopt()
    days = {"starts_on": "2022-10-01", "ends_on": "2022-10-31"}
    await system.post("operations-feed", "operation.launched", "op", title="One", participants=[], **days)
    place = await system.post(
        "operations-feed", "seizure.reported", "op/r1", operation="op", report="r1", member="FRA",
        seized_on="2022-10-02", category="waste", seizures=1, quantities=[{"amount": "1234.5", "unit": "pieces"}],
    )  # fmt: skip
    await system.shown(place)
    said = await page(system, "/desk/operations/op")
    assert "1\N{NARROW NO-BREAK SPACE}234,5&nbsp;pièces" in said
    assert '<th scope="row">pièces</th>' in said
    assert "en vigueur" in said
    assert "État au " in said


async def test_entry_is_not_called_as_seizures_are(system: System) -> None:
    assert ">Saisie de données</a>" in await page(system, "/services")


async def test_a_question_stands_before_a_colon_that_stays_with_it(system: System) -> None:
    await system.adopt()
    assert f"En retard</a>{_NO_BREAK_SPACE}: <strong>" in await page(system, "/desk")


async def entered(system: System, name: str, **values: str) -> tuple[int, str, dict[str, str]]:
    """What a form is answered with: its status, the page, and what it says is wrong, by the names of controls."""
    sent = {f"/{'' if key == 'subject' else 'data/'}{key}": value for key, value in values.items()}
    answer = await system.client.post(
        f"/enter/{name}",
        data={"/id": "e", "/source": "urn:example:tests", "do": "record", **sent},
        headers={"accept": "text/html", "sec-fetch-site": "same-origin", "accept-language": "fr"},
    )
    shown = re.findall(r'<p class="fault" id="([^"]*)~fault">(.+?)</p>', answer.text)
    return answer.status_code, answer.text, {html.unescape(at): html.unescape(said) for at, said in shown}


async def test_a_form_says_in_french_what_is_wrong_with_what_was_typed(system: System) -> None:
    status, said, faults = await entered(
        system, "operation.launched", subject="two words", title="", starts_on="2025-03-02", ends_on="2025-02-01"
    )
    assert status == 422
    assert faults["/subject"].startswith(f"doit être un identifiant{_NO_BREAK_SPACE}: au plus 64 lettres")
    assert faults["/data/title"] == "est obligatoire"
    # What is said of a field names it as the form does, and a day as all pages write it.
    commence = f"«{_NO_BREAK_SPACE}Commence le{_NO_BREAK_SPACE}»"
    assert faults["/data/ends_on"] == f"ne doit pas précéder {commence}, qui est le 2 mars 2025"
    assert '<a href="#/data/title">Titre</a> est obligatoire</li>' in said
    assert re.findall(r'<span lang="en">.*?</span>', said.partition("<main")[2]) == []


async def test_a_form_says_in_french_what_the_record_contradicts(system: System) -> None:
    status, said, faults = await entered(
        system, "action.completed", subject="no-such.action", completed_on="2025-03-02", evidence="Rapport"
    )
    assert status == 409
    assert faults == {
        "/subject": f"l’action no-such.action n’existe pas{_NO_BREAK_SPACE}: il faut d’abord "
        f"«{_NO_BREAK_SPACE}plan de mise en œuvre publié{_NO_BREAK_SPACE}» ou "
        f"«{_NO_BREAK_SPACE}action ajoutée{_NO_BREAK_SPACE}» pour l’annoncer"
    }
    assert '<span lang="en">' not in said.partition("<main")[2]


async def test_a_problem_is_told_in_french(system: System) -> None:
    await system.adopt()
    for path in (
        *("/nothing/here", "/kpis/SO9.x", "/kpis/SO9.x/history", "/?period=never", "/desk/actions?period=never"),
        *("/desk/actions/a", "/desk/surveys/s", "/desk/operations/o", "/desk/partnerships/p", "/desk/assistance/a"),
        *("/desk/actions/two%20words", "/enter/no.such", "/events/no-log/1", "/events/plan-registry/99"),
        *("/?colour=red", "/?lang=en&lang=fr", "/?lang=de", "/?as_of=2999-01-01", "/?as_of=soon"),
        "/?as_of=plan-registry:99,survey-intake:0,operations-feed:0",
        *("/?as_of=plan-registry:1,plan-registry:1", "/?as_of=plan-registry:1,survey-intake:0"),
        *("/desk/actions?on=soon", "/desk/actions?overdue=perhaps", "/desk/actions?objective=two%20words"),
        *("/desk/actions?state=lost", "/desk/actions?sort=title", "/desk/actions?overdue=perhaps&state=lost"),
        *("/desk/actions?cursor=abc", "/desk/actions?cursor=e30", "/kpis/SO1.completion/evidence?cursor=abc"),
        *(
            "/kpis/SO1.completion/history?cursor=abc",
            "/compare?from=2022-01-02&to=2022-01-01",
            "/enter/templates/no.csv",
        ),
    ):
        answer = await system.client.get(path, headers={"accept": "text/html", "accept-language": "fr"})
        assert 400 <= answer.status_code < 500, path
        details = re.findall('<p class="detail">(.*)</p>', answer.text)
        assert details, path
        assert [detail for detail in details if "<span" in detail] == []
