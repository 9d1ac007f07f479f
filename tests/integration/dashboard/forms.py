"""Forms of the dashboard, filled and sent as a browser would, and what their pages say."""

import html
import re
from typing import Any

import httpx

from dashboard.field import Values
from dashboard.parts import Group
from dashboard.schema import field_of
from system import System
from wco_events.registry import EVENT_TYPES_BY_LOG

BROWSER = {"accept": "text/html", "sec-fetch-site": "same-origin"}
CONTROL = re.compile(
    r"""<input\ [^>]*?name="([^"]*)"[^>]*?\ value="([^"]*)"
    |<textarea\ [^>]*?name="([^"]*)"[^>]*>\n?([^<]*)<
    |<select\ [^>]*?name="([^"]*)"[^>]*>(.*?)</select>""",
    re.DOTALL | re.VERBOSE,
)
LOG_OF = {each.name: log for log, types in EVENT_TYPES_BY_LOG.items() for each in types}


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
