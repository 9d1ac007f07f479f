"""What a run comes to: its table, for the terminal and as a page."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from chaos.fault import Fault, Kill
from chaos.findings import Findings


@dataclass
class Tally:
    """What happened, and how long it took until everything worked again."""

    findings: Findings
    kills: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    after_kill: list[float] = field(default_factory=list)
    """Seconds from a kill that came alone until what was posted after it was in the answers."""
    after_other: list[float] = field(default_factory=list)
    """Seconds from the end of another fault, or of several, until then."""

    def note(self, faults: Sequence[Fault]) -> None:
        """Note what happened together."""
        for fault in faults:
            if isinstance(fault, Kill):
                self.kills[fault.where] += 1
            else:
                self.others[fault.kind] += 1

    def rows(self, figures: Sequence[tuple[str, int]]) -> list[tuple[str, str]]:
        """Return the table: what, and how much; `figures` are those that others have counted."""
        return [
            ("kills", f"{self.kills.total():,}"),
            *((f"kills: {part}", f"{number:,}") for part, number in sorted(self.kills.items())),
            ("other faults", f"{self.others.total():,}"),
            *((f"other faults: {kind}", f"{number:,}") for kind, number in sorted(self.others.items())),
            *((what, f"{number:,}") for what, number in figures),
            ("losses", f"{len(self.findings.losses):,}"),
            ("doubles", f"{len(self.findings.doubles):,}"),
            ("whatever else must not be", f"{len(self.findings.others):,}"),
            ("seconds from a kill until all works again, p50 and max", _seconds(self.after_kill)),
            ("seconds from the end of another fault until then, p50 and max", _seconds(self.after_other)),
        ]


def _seconds(taken: Sequence[float]) -> str:
    return f"{statistics.median(taken):.1f} and {max(taken):.1f}" if taken else "–"


def table(rows: Sequence[tuple[str, str]]) -> str:
    """Return rows as a table of Markdown's, which can be read as it is."""
    width, right = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = [f"| {'what':<{width}} | {'':>{right}} |", f"|{'-' * (width + 2)}|{'-' * (right + 1)}:|"]
    return "\n".join([*lines, *(f"| {what:<{width}} | {number:>{right}} |" for what, number in rows)])
