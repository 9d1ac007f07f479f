"""The schedule: which faults come, one at a time and together; the same for the same seed."""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import TypeVar

from chaos.fault import Cut, Fault, Kill, Stop, Strain
from chaos.link import BLACK_HOLE, STALLED, TORN, WAYS, Condition, Way, slow

T = TypeVar("T")

OTHERS = 0.4
"""How many other faults there are for each kill."""
TOGETHER = 0.4
"""The probability that a fault comes together with the one before it."""
MOST_TOGETHER = 4
"""Faults, at most."""

STOPPED_FOR = 4.5
"""Seconds: a lease lasts three."""
CUT_FOR = (0.0, 1.5)
"""Seconds, from and to."""
STRAINS: tuple[tuple[Condition, float], ...] = ((slow(0.05), 3), (STALLED, 2), (TORN, 0.5), (BLACK_HOLE, 2))
"""Conditions of a link, and for how many seconds each holds."""
SIDES: tuple[tuple[Way, ...], ...] = (("there",), ("back",), WAYS)


def schedule(
    seed: int, kills: int, roles: Sequence[Sequence[str]], stoppable: Sequence[str], links: Sequence[str]
) -> list[list[Fault]]:
    """Return rounds of faults, in which so many parts are killed and every kind of fault occurs.

    Of `roles`, each of which several parts may have, one after the other loses a part, so that each comes as often.
    """
    random = Random(seed)

    def strained(condition: Condition, seconds: float) -> Callable[[], Fault]:
        return lambda: Strain(random.choice(links), condition, random.choice(SIDES), seconds)

    kinds: list[Callable[[], Fault]] = [
        lambda: Stop(random.choice(stoppable), STOPPED_FOR),
        lambda: Cut(random.choice(links), random.uniform(*CUT_FOR)),
        *(strained(condition, seconds) for condition, seconds in STRAINS),
    ]
    others = max(len(kinds), round(OTHERS * kills))
    is_kill = [True] * kills + [False] * others
    random.shuffle(is_kill)
    role, kind = _in_turn(random, roles), _in_turn(random, kinds)
    return _together(random, [Kill(random.choice(next(role))) if kill else next(kind)() for kill in is_kill])


def _in_turn(random: Random, things: Sequence[T]) -> Iterator[T]:
    """Yield all of the things in some order, and again, for ever."""
    while True:
        yield from random.sample(things, len(things))


def _together(random: Random, faults: Sequence[Fault]) -> list[list[Fault]]:
    """Return faults in rounds; in none of them is anything that has a fault already."""
    rounds: list[list[Fault]] = []
    for fault in faults:
        joins = rounds and len(rounds[-1]) < MOST_TOGETHER and random.random() < TOGETHER
        if joins and fault.where not in {each.where for each in rounds[-1]}:
            rounds[-1].append(fault)
        else:
            rounds.append([fault])
    return rounds
