"""Forms for events: one for each type, made of what its service says of it."""

import asyncio
from functools import partial
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dashboard.answers import Changes, Place
from dashboard.desk_words import CODES
from dashboard.event import Events
from dashboard.event_types import EventType, EventTypes
from dashboard.field import Values
from dashboard.form import Form
from dashboard.pages import Pages
from dashboard.projector import Projector
from dashboard.same_origin import hold_same_origin
from dashboard.services import Services
from dashboard.settings import DashboardSettings
from dashboard.shell import Shell, Shells
from dashboard.view import View, read_view
from wco_common.problem import Invalid, NotFound, NotReached, PlanNotAdopted, Problem, TooLarge, Unavailable
from wco_common.query import Reader, boolean, position
from wco_common.spreadsheet.kind import KINDS
from wco_events.event_type import LOG_NAMES


def _text(text: str) -> str:
    return text


class EnterPage:
    """The types of events that can be entered."""

    def __init__(self, pages: Pages, shells: Shells, types: EventTypes) -> None:
        self._pages = pages
        self._shells = shells
        self._types = types

    async def __call__(self, request: Request) -> Response:
        """Answer with the types of events."""
        view = read_view(request)
        context = {"shell": await _shell(self._shells, view), "by_log": await self._types.by_log(), "kinds": KINDS}
        return self._pages.page(view, "enter.html", context)


class FormPage:
    """The form for an event of one type. It is of now, whatever moment the address names."""

    def __init__(
        self,
        pages: Pages,
        shells: Shells,
        services: Services,
        types: EventTypes,
        events: Events,
        settings: DashboardSettings,
    ) -> None:
        self._pages = pages
        self._shells = shells
        self._services = services
        self._events = events
        self._types = types
        self._source = settings.source
        self._settings = settings

    async def __call__(self, request: Request) -> Response:
        """Answer with a form that is new, or with what was made of one that was sent."""
        view = read_view(request, {"subject": _text, "like": position})
        log, event_type = await self._types.named(request.path_params["type"])
        if request.method != "POST":
            return await self._page(view, log, event_type, await self._new(view, log, event_type))
        hold_same_origin(request)
        values = await _sent(request, self._settings)
        verb, _, name = values.pop("do", ["check"])[0].partition(":")
        tried = bool(values.pop("tried", []))
        form = Form(event_type.event(), values)
        if verb == "record":
            return await self._recorded(view, log, event_type, form)
        if verb == "add":
            form.add(name)
        elif verb == "remove":
            form.remove(name)
        elif verb == "rename":
            self._rename(form)
        elif verb != "show":
            form.focus, tried = "summary", True
        if tried:
            try:
                await self._services.post(log, form.event_json(), dry_run=True)
                form.accepted = True
            except Problem as problem:
                form.refuse(problem)
        return await self._page(view, log, event_type, form)

    async def _recorded(self, view: View, log: str, event_type: EventType, form: Form) -> Response:
        """Have an event recorded, and lead to where it is, or show what it is refused for."""
        try:
            receipt = await self._services.post(log, form.event_json(), dry_run=False)
        except Problem as problem:
            form.refuse(problem)
            form.focus = "summary"
            return await self._page(view, log, event_type, form, problem.status)
        again = "true" if receipt.duplicate else None
        return RedirectResponse(view.to(f"recorded/{log}/{receipt.sequence}", again=again), 303)

    async def _new(self, view: View, log: str, event_type: EventType) -> Form:
        """Return a form that begins empty, about a subject, or with what an event of the log says that is like it."""
        form = Form(event_type.event(), {})
        form.event.begin("", form.values)
        form.values["/subject"] = [view.query.get("subject", "")]
        if "like" in view.read:
            like = (await self._events.recorded(Place(log, view.read["like"]))).event
            form.event.fill("", {"subject": like.subject, "data": like.data}, form.values)
        self._rename(form)
        form.values["/source"] = [self._source]
        return form

    def _rename(self, form: Form) -> None:
        form.values["/id"] = [str(uuid4())]

    async def _page(self, view: View, log: str, event_type: EventType, form: Form, status: int = 200) -> Response:
        context = {
            "shell": await _shell(self._shells, view),
            "log": log,
            "type": event_type,
            "form": form,
            "codes": CODES,
            "status": status,
        }
        # On a thread: a form of thousands of rows takes seconds, which other requests must not.
        return await asyncio.to_thread(partial(self._pages.page, view, "form.html", context, status=status))


class RecordedPage:
    """What became of an event that was entered: where it stands, and what it changed."""

    def __init__(self, pages: Pages, shells: Shells, projector: Projector, events: Events) -> None:
        self._pages = pages
        self._shells = shells
        self._projector = projector
        self._events = events

    async def __call__(self, request: Request) -> Response:
        """Answer with an event that is recorded, and the KPIs that it changed."""
        readers: dict[str, Reader] = {"again": boolean}
        view = read_view(request, readers)
        place = Place(request.path_params["log"], request.path_params["sequence"])
        if place.log not in LOG_NAMES:
            raise NotFound(f"{place.log!r} is no log; there are {', '.join(LOG_NAMES)}")
        event = (await self._events.recorded(place)).event
        context: dict[str, Any] = {"place": place, "event": event, "again": view.read.get("again", False)}
        context |= {"changes": None, "late": False, "since": "", "until": ""}
        try:
            context |= await self._changed(place)
        except (PlanNotAdopted, Unavailable, NotReached) as problem:
            context["late"] = not isinstance(problem, PlanNotAdopted)
        context["shell"] = await _shell(self._shells, view)
        return self._pages.page(view, "recorded.html", context)

    async def _changed(self, place: Place) -> dict[str, Any]:
        """Return what differs between the moment before the event and the event, by periods, of the plan as it was."""
        positions = (await self._projector.plan_after(place)).told.as_of.positions

        def at(sequence: int) -> str:
            return ",".join(f"{log}:{sequence if log == place.log else positions[log]}" for log in LOG_NAMES)

        since, until = at(place.sequence - 1), at(place.sequence)
        plan = (await self._projector.plan(since)).told
        # A period that the event itself adds to the plan was none before, and has nothing to differ from.
        told = await asyncio.gather(*(self._projector.changes(each, since, until) for each in plan.windows()))
        changes: list[Changes] = [each for each in told if each.kpis]
        return {"changes": changes, "plan": plan.plan, "since": since, "until": until}


async def _shell(shells: Shells, view: View) -> Shell | None:
    """Return what surrounds a page where it can be told: events are entered before there is a plan, too."""
    try:
        return await shells.around(view)
    except (PlanNotAdopted, Unavailable, NotReached):
        return None


async def _sent(request: Request, settings: DashboardSettings) -> Values:
    """Return the values of a form that was sent. Raises Invalid, TooLarge."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > settings.form_bytes:
            raise TooLarge(f"the form has over {settings.form_bytes} bytes, the most that is taken")
    if body.count(b"&") >= settings.form_controls:
        raise TooLarge(f"the form has over {settings.form_controls} controls, the most that is taken")
    values: Values = {}
    try:
        for name, text in parse_qsl(body.decode(), keep_blank_values=True, errors="strict"):
            values.setdefault(name, []).append(text.replace("\r\n", "\n"))
    except ValueError:
        raise Invalid("what was sent is no form in UTF-8") from None
    return values
