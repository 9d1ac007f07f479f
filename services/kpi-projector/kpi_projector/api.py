"""The routes: section 5 of the outside contract."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kpi_projector.answers import Answers
from kpi_projector.exchange import AS_OF, any_text, invalid, kpi_heading, read, response, unchanged, window_heading
from kpi_projector.moment import Moment, read_as_of
from kpi_projector.moments import Moments
from kpi_projector.openapi import ANSWERS, PARAMETERS
from kpi_projector.pages import Pages
from wco_common.instant import format_instant
from wco_common.problem import NotFound, NotReached, PlanNotAdopted
from wco_common.service_app import ServiceApp
from wco_events.event_type import LOG_NAMES
from wco_kpi.board import Board
from wco_kpi.scorecard import group_answers, heading, kpi_answer, kpi_answers, plan_answer
from wco_kpi.wanting import want


class Api:
    """What the projector is asked over HTTP."""

    def __init__(self, moments: Moments, answers: Answers, pages: Pages) -> None:
        self._moments = moments
        self._answers = answers
        self._pages = pages

    def add_to(self, app: ServiceApp) -> None:
        """Add the routes to an app."""
        for path, endpoint, summary in (
            ("/v1/scorecard", self.scorecard, "Every KPI of a period"),
            ("/v1/plan", self.plan, "The plan in force"),
            ("/v1/changes", self.changes, "What differs between two moments, why, and by which events"),
            ("/v1/kpis/{id}", self.kpi, "One KPI of a period"),
            ("/v1/kpis/{id}/history", self._pages.history, "What a KPI was, and since when"),
            ("/v1/kpis/{id}/evidence", self._pages.evidence, "The events that a KPI rests on"),
        ):
            problems = (NotFound, PlanNotAdopted, NotReached)
            app.add_read(path, endpoint, summary, ANSWERS[path], *problems, parameters=PARAMETERS[path])

    async def scorecard(self, request: Request) -> Response:
        """Answer with every KPI of a period."""
        query = read(request, AS_OF | {"period": any_text}, "period")
        period = query["period"]

        def question(board: Board) -> dict[str, Any]:
            return window_heading(board, period) | {"as_of": moment.answer(), "kpis": kpi_answers(board, period)}

        moment = await self._moments.asked(query, self._moments.deadline())
        return await self._answer(
            request,
            moment,
            lambda board: window_heading(board, period),
            question,
            lambda board: want(board, board.plan.kpis, period),
        )

    async def kpi(self, request: Request) -> Response:
        """Answer with one KPI of a period, also by a dimension."""
        query = read(request, AS_OF | {"period": any_text, "by": any_text}, "period")
        kpi, period, dimension = request.path_params["id"], query["period"], query.get("by")

        def head(board: Board) -> dict[str, Any]:
            heading = kpi_heading(board, kpi, period)
            dimensions = board.definition(kpi).measure.dimensions
            if dimension not in (None, *dimensions):
                raise invalid("by", f"must be one of {', '.join(dimensions)}")
            return heading

        def question(board: Board) -> dict[str, Any]:
            answer = head(board) | {"as_of": moment.answer(), "kpi": kpi_answer(board, kpi, period)}
            if dimension is not None:
                answer["groups"] = group_answers(board, kpi, period, dimension)
            return answer

        moment = await self._moments.asked(query, self._moments.deadline())
        return await self._answer(request, moment, head, question, lambda board: want(board, [kpi], period))

    async def plan(self, request: Request) -> Response:
        """Answer with the plan in force."""
        moment = await self._moments.asked(read(request, AS_OF), self._moments.deadline())
        return await self._answer(
            request, moment, heading, lambda board: plan_answer(board) | {"as_of": moment.answer()}
        )

    async def changes(self, request: Request) -> Response:
        """Answer with the KPIs that differ between two moments."""
        query = read(request, {"period": any_text, "from": read_as_of, "to": read_as_of}, "period", "from", "to")
        by = self._moments.deadline()
        since, until = await self._moments.at(query["from"], by, "from"), await self._moments.at(query["to"], by, "to")
        if since.time > until.time or any(since.positions[log] > until.positions[log] for log in LOG_NAMES):
            raise invalid("from", f"is after to: {format_instant(since.time)} > {format_instant(until.time)}")
        await self._answers.ask(since, heading)
        head = await self._answers.ask(until, lambda board: window_heading(board, query["period"]))
        if (same := unchanged(request, until)) is not None:
            return same
        kpis = await self._answers.changes(since, until, query["period"])
        body = head | {"from": since.answer(), "to": until.answer(), "kpis": kpis}
        return response(until, body)

    async def _answer(
        self,
        request: Request,
        moment: Moment,
        head: Callable[[Board], dict[str, Any]],
        question: Callable[[Board], dict[str, Any]],
        reads: Callable[[Board], object] | None = None,
    ) -> Response:
        """Answer a question, or 304; `head` raises what the question would, and costs less, as does what `reads`."""
        if (same := unchanged(request, moment)) is not None:
            await self._answers.ask(moment, head)
            return same
        return response(moment, await self._answers.ask(moment, question, reads))
