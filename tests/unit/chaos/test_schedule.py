"""A schedule has as many kills as are wanted, every kind of fault, and is the same for the same seed."""

from collections import Counter

import pytest

from chaos.fault import Cut, Fault, Kill, Stop, Strain, told
from chaos.link import STALLED
from chaos.schedule import MOST_TOGETHER, STRAINS, schedule

ROLES = (("log-1", "log-2", "log-3"), ("relay-1", "relay-2"), ("broker",), ("database",))
LINKS = ("to the broker", "to the database")
STOPPABLE = ("log-1", "relay-1")
KINDS = {"stop", "cut", *(condition.name for condition, _ in STRAINS)}


def made(seed: int, kills: int) -> list[list[Fault]]:
    return schedule(seed, kills, ROLES, STOPPABLE, LINKS)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("kills", [0, 4, 200])
def test_as_many_are_killed_as_are_wanted_and_every_other_fault_occurs(seed: int, kills: int) -> None:
    faults = [fault for each in made(seed, kills) for fault in each]
    others = Counter(fault.kind for fault in faults if not isinstance(fault, Kill))

    assert len(faults) - others.total() == kills
    assert others.keys() == KINDS
    assert max(others.values()) - min(others.values()) <= 1


def test_every_role_loses_a_part_as_often_and_in_the_end_every_part_is_lost() -> None:
    killed = Counter(fault.where for each in made(1, 200) for fault in each if isinstance(fault, Kill))

    assert killed.keys() == {part for role in ROLES for part in role}
    assert {sum(killed[part] for part in role) for role in ROLES} == {50}


def test_things_break_one_at_a_time_and_together_and_nothing_twice_at_once() -> None:
    rounds = made(1, 200)

    assert {len(each) for each in rounds} == set(range(1, MOST_TOGETHER + 1))
    assert all(len({fault.where for fault in each}) == len(each) for each in rounds)


def test_the_same_seed_gives_the_same_schedule_and_another_seed_another() -> None:
    assert made(1, 50) == made(1, 50)
    assert made(1, 50) != made(2, 50)


def test_links_are_strained_on_one_way_and_on_both() -> None:
    strains = [fault for each in made(1, 200) for fault in each if isinstance(fault, Strain)]

    assert {fault.ways for fault in strains} == {("there",), ("back",), ("there", "back")}
    assert {fault.where for fault in strains} == set(LINKS)


def test_a_fault_is_told_by_its_kind_and_its_place() -> None:
    faults: list[Fault] = [Kill("broker"), Stop("log-1", 1), Cut("a", 1), Strain("a", STALLED, ("back",), 1)]

    assert [told(fault) for fault in faults] == ["kill broker", "stop log-1", "cut a", "stalled a (back)"]
