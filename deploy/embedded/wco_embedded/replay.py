"""`wco-kpi replay`: a bundle folded with no server, and its scorecard."""

import sys
import time
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kpi_projector.moment import Moment, read_as_of
from wco_common.bundle import Manifest
from wco_common.instant import Instant, format_instant
from wco_embedded.bundle_folder import manifest_of, size_of
from wco_embedded.folded_bundle import FoldedBundle
from wco_embedded.progress import progress_bar
from wco_embedded.refusal import Refusal
from wco_events.measure import LAYER_TITLES
from wco_kpi.board import Board
from wco_kpi.frame import NoPlan, UnknownPeriod
from wco_kpi.scorecard import heading, kpi_answers

_COLOURS = {"met": "green", "on_track": "cyan", "at_risk": "yellow", "missed": "red"}
_UNITS = {"percent": " %"}

encode = msgspec.json.Encoder(decimal_format="number").encode


def run(folder: Path, period: str, as_of: str | None, as_json: bool) -> None:
    """Print the scorecard of a period, as of a moment or of the last recorded time."""
    size, manifest = size_of(folder), manifest_of(folder)
    with progress_bar("Folding", size) as advance, FoldedBundle(folder, manifest, advance) as bundle:
        moment = _fold(bundle, manifest, as_of)
        try:
            answer = scorecard(Board(bundle.cells, moment.day), moment, period)
        except NoPlan:
            raise Refusal(f"no plan was adopted by {format_instant(moment.time)} in this bundle.") from None
        except UnknownPeriod as error:
            raise Refusal(f"--period: {error}.") from None
    if as_json:
        sys.stdout.buffer.write(encode(answer) + b"\n")
    else:
        _print(answer)


def scorecard(board: Board, moment: Moment, period: str) -> dict[str, Any]:
    """Return the scorecard as the projector answers with it."""
    kpis = kpi_answers(board, period)
    return heading(board, period) | {"as_of": moment.answer(), "kpis": kpis}


def _fold(bundle: FoldedBundle, manifest: Manifest | None, as_of: str | None) -> Moment:
    if as_of is None:
        moment = bundle.fold_to_end()
        _refuse_beyond(moment.time, manifest, "the last event")
        return moment
    try:
        asked = read_as_of(as_of)
    except ValueError as error:
        raise Refusal(f"--as-of: {error}.") from None
    if not isinstance(asked, int):
        return bundle.fold_to_positions(asked)
    _refuse_beyond(asked, manifest, "--as-of")
    return bundle.fold_to_time(asked)


def _refuse_beyond(asked: Instant, manifest: Manifest | None, what: str) -> None:
    """Refuse a moment of which the bundle cannot know everything."""
    if manifest is not None and asked > manifest.closed:
        closed = format_instant(manifest.closed)
        raise Refusal(f"{what}: {format_instant(asked)} is past {closed}, where this bundle was closed.")
    if asked > (now := time.time_ns() // 1000):
        raise Refusal(f"{what}: {format_instant(asked)} is in the future; it is {format_instant(now)}.")


def _print(answer: dict[str, Any]) -> None:
    console = Console(highlight=False)
    console.print(f"[bold]{escape(answer['plan'])}[/], {escape(answer['period'])}, as of {answer['as_of']['time']}")
    if "notice" in answer:
        console.print(escape(answer["notice"]), style="italic")
    table = Table("KPI", "Value", "Target", "Reference", "Status", box=None, padding=(0, 2, 0, 0))
    for column in table.columns:
        column.no_wrap = True
        column.justify = "right" if column.header in {"Value", "Reference"} else "left"
    for layer, title in LAYER_TITLES.items():
        kpis = [kpi for kpi in answer["kpis"] if kpi["layer"] == layer]
        if kpis:
            table.add_row()
            table.add_row(f"[bold]{escape(title)}[/]")
        for kpi in kpis:
            unit = _UNITS.get(kpi["unit"], "")
            table.add_row(
                escape(kpi["id"]),
                _number(kpi["value"], unit),
                _target(kpi["target"], unit),
                _number(kpi["reference"] and kpi["reference"]["value"], unit),
                f"[{_COLOURS.get(kpi['status'], 'dim')}]{kpi['status'].replace('_', ' ')}[/]",
            )
            if "provisional" in kpi:
                table.add_row("  provisional", _number(kpi["provisional"], unit))
    console.print(table)


def _target(target: dict[str, Any], unit: str) -> str:
    match target["rule"]:
        case "at_least":
            return f"≥ {_number(target['value'], unit)}"
        case "increase":
            return "> reference"
        case _:
            return "≥ reference"


def _number(value: Any, unit: str) -> str:
    return "–" if value is None else f"{value}{unit}"
