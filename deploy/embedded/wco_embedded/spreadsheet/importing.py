"""`wco-kpi import`: the rows of a spreadsheet as events, all of them checked before the first is posted."""

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from wco_common.spreadsheet.kind import KINDS, Kind
from wco_embedded.environment import look_through_environment
from wco_embedded.progress import progress_bar
from wco_embedded.refusal import Refusal
from wco_embedded.served import Served, Told
from wco_embedded.settings import CommandSettings, ImportSettings
from wco_embedded.spreadsheet import batch, mapping
from wco_embedded.spreadsheet.batch import Batch, batches
from wco_embedded.spreadsheet.findings import Findings, counted, refused, summary
from wco_embedded.spreadsheet.proposal import CannotChange, Recorded, differing, propose, standing, tellings
from wco_embedded.spreadsheet.row import Draft, Row, RowFault, RowForm
from wco_embedded.spreadsheet.sheet import rows

_decode = msgspec.json.Decoder(Recorded).decode

On = Mapping[tuple[str, ...], Sequence[Recorded]]
"""What is recorded, by what it speaks of."""


@dataclass
class Sound:
    """A row that is sound by itself."""

    row: Row
    before: Draft | None
    drafts: Sequence[Draft]


def kind_of(name: str) -> Kind:
    """Return a kind by its name. Raises Refusal."""
    if (kind := KINDS.get(name)) is None:
        raise Refusal(f"{name!r} is no kind of spreadsheet; there are {', '.join(KINDS)}.")
    return kind


def run(name: str, file: Path, mapping_file: Path, url: str, only_check: bool) -> None:
    """Check every row of a file, and unless only that is wanted post what it adds."""
    look_through_environment()
    settings = ImportSettings()
    kind = kind_of(name)
    how = mapping.read_mapping(mapping_file)
    form = RowForm(kind, how, mapping_file)
    findings = Findings()
    sound = _read(file, form, how, findings)
    with Served(url, CommandSettings()) as served:
        _propose(sound, _recorded(served, kind, sound), how, form, findings)
        parts = list(batches(findings.told, settings.events_a_batch))
        _check(served, kind, parts, form, findings)
        if findings.faults:
            raise refused(file, findings, settings.faults)
        print(f"{file}: {summary(findings)}")
        if only_check:
            print("Every row holds. Nothing was posted: this was a dry run.")
        else:
            _post(served, kind, parts, file)


def _read(file: Path, form: RowForm, how: mapping.Mapping, findings: Findings) -> list[Sound]:
    """Return the rows that are sound by themselves."""
    sound: list[Sound] = []
    lines: dict[tuple[str, ...], int] = {}
    befores: dict[tuple[str, ...], tuple[int, Draft]] = {}
    with progress_bar("Reading", None) as advance:
        for row in rows(file, how.file, list(form.columns())):
            findings.rows += 1
            findings.hidden += row.hidden
            advance(1)
            drafts, faults = form.read(row)
            before = None
            if not faults:
                for draft in drafts:
                    if not faults and (first := lines.setdefault(draft.key, row.line)) != row.line:
                        faults = [RowFault(row.line, (), f"is {' '.join(draft.key[1:])}, as line {first} is already")]
                before, wrong = form.before(row, drafts)
                faults += wrong
            if before is not None and not faults:
                line, other = befores.setdefault(before.key, (row.line, before))
                if other != before:
                    faults = [RowFault(row.line, (), f"says otherwise of {before.subject} than line {line} does")]
            findings.faults += faults
            if not faults:
                sound.append(Sound(row, before, drafts))
    return sound


def _recorded(served: Served, kind: Kind, sound: Iterable[Sound]) -> On:
    """Return what the log has of the things that rows speak of."""
    wanted = {draft.key for row in sound for draft in (*row.drafts, *([row.before] if row.before else []))}
    found: dict[tuple[str, ...], list[Recorded]] = defaultdict(list)
    with progress_bar("Looking up", None) as advance:
        for step in (kind.before, *kind.steps):
            for of in step.types if wanted else ():
                for line in served.lines(f"/{kind.log}/v1/events", {"type": of.type}):
                    try:
                        event = _decode(line)
                    except msgspec.DecodeError as error:
                        raise Refusal(f"{served.url}/{kind.log} sends something that is no event: {error}.") from None
                    advance(1)
                    for telling in tellings(step, event):
                        key = step.key(telling.subject, telling.data)
                        if key in wanted:
                            found[key].append(telling)
    return {key: sorted(events, key=lambda event: event.sequence) for key, events in found.items()}


def _propose(sound: Iterable[Sound], recorded: On, how: mapping.Mapping, form: RowForm, findings: Findings) -> None:
    """Find what rows add to what is recorded."""
    for each in sound:
        events, left = [], False
        try:
            for draft in each.drafts:
                on_record = standing(draft.step, how.source, recorded.get(draft.key, ()))
                event = propose(draft, on_record, how)
                if event is not None:
                    events.append(event)
                elif on_record.now is None or differing(draft, on_record.now):
                    left = True
        except CannotChange as fault:
            columns = {column: None for name in fault.fields for column in form.columns_of(f"/data/{name}")}
            findings.faults.append(RowFault(each.row.line, tuple(columns), str(fault)))
            continue
        before = None
        if each.before is not None and each.before.key not in recorded:
            before = propose(each.before, standing(each.before.step, how.source, ()), how)
        if events:
            findings.told.append(batch.Told(each.row.line, before, events))
        else:
            findings.unchanged += 1
            findings.left += left


def _check(served: Served, kind: Kind, parts: Iterable[Batch], form: RowForm, findings: Findings) -> None:
    """Have the log check every batch, and of one that it refuses every row.

    What contradicts the record, the log tells of one row a try. So after a refusal it tries one row, then two at once,
    four, and so on until the next: many that are refused cost no more than as many small requests.
    """
    with progress_bar("Checking", len(findings.told)) as advance:
        for part in parts:
            left, together = part.rows, len(part.rows)
            while left:
                tried = Batch(left[:together])
                try:
                    served.post(kind.log, tried.events, dry_run=True)
                    done = {row.line for row in tried.rows}
                    together *= 2
                except Told as told:
                    wrong = _wrong_rows(tried, told, form)
                    findings.faults += wrong
                    done = {fault.line for fault in wrong}
                    together = 1
                left = [row for row in left if row.line not in done]
                advance(len(done))


def _wrong_rows(part: Batch, told: Told, form: RowForm) -> list[RowFault]:
    """Return which rows the log refuses, and why. Raises Refusal where it is no row that is refused."""
    faults = []
    for fault in told.faults:
        if fault.index is None:
            raise told
        name = fault.pointer.removeprefix("/data").removeprefix("/").replace("/", ".")
        row = part.row_of(fault.index)
        if row is None:
            detail = f"what the mapping has under [before] is refused: {name}: {fault.detail}"
            faults += [RowFault(row.line, (), detail) for row in part.needing(part.events[fault.index])]
        else:
            faults.append(RowFault(row.line, form.columns_of(fault.pointer), f"{name}: {fault.detail}"))
    if not faults:
        raise told
    return faults


def _post(served: Served, kind: Kind, parts: Sequence[Batch], file: Path) -> None:
    """Post what was checked, in the same batches."""
    rows_in_all, done = sum(len(part.rows) for part in parts), 0
    try:
        with progress_bar("Posting", rows_in_all) as advance:
            for part in parts:
                served.post(kind.log, part.events, dry_run=False)
                done += len(part.rows)
                advance(len(part.rows))
    except Refusal as refusal:
        raise Refusal(f"{refusal} {_so_far(done, rows_in_all, file)}") from None
    except KeyboardInterrupt:
        print(f"\nwco-kpi: {_so_far(done, rows_in_all, file)}", file=sys.stderr)
        raise
    print(f"Posted to {kind.log}: {counted(done, 'row')}.")


def _so_far(done: int, of: int, file: Path) -> str:
    return f"{done:,} of {of:,} rows are known to be recorded; the same command again completes {file}."
