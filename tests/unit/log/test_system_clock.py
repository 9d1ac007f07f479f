"""The machine's clock is believed as long as it goes with the time that passes."""

import time

import pytest

from wco_common.clock import ClockLeapt, SystemClock, elapsed_time, wall_time

SECOND = 1_000_000


class Machine:
    def __init__(self) -> None:
        self.wall = 1_700_000_000 * SECOND
        self.elapsed = 5_000 * SECOND

    def passes(self, seconds: float, *, wall: float | None = None) -> None:
        self.elapsed += round(seconds * SECOND)
        self.wall += round((seconds if wall is None else wall) * SECOND)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def clock(machine: Machine) -> SystemClock:
    return SystemClock(5, wall=lambda: machine.wall, elapsed=lambda: machine.elapsed)


def test_it_tells_the_machines_time_however_long_ago_it_was_asked(machine: Machine, clock: SystemClock) -> None:
    machine.passes(90_000)
    assert clock.now() == machine.wall


def test_a_leap_ahead_is_refused_until_the_clock_is_back(machine: Machine, clock: SystemClock) -> None:
    machine.passes(10, wall=3_610)
    with pytest.raises(ClockLeapt, match=r"leapt ahead by 3600\.0 s.*restarted"):
        clock.now()
    machine.passes(60)
    with pytest.raises(ClockLeapt):
        clock.now()
    machine.passes(1, wall=-3_599)
    assert clock.now() == machine.wall


def test_small_steps_ahead_are_gone_along_with(machine: Machine, clock: SystemClock) -> None:
    for _ in range(10):
        machine.passes(1, wall=5)
        assert clock.now() == machine.wall


def test_a_step_back_is_told_as_it_is_and_to_come_forward_again_is_no_leap(
    machine: Machine, clock: SystemClock
) -> None:
    machine.passes(1, wall=-7_200)
    assert clock.now() == machine.wall
    machine.passes(1, wall=7_203)
    assert clock.now() == machine.wall
    machine.passes(1, wall=7)
    with pytest.raises(ClockLeapt):
        clock.now()


def test_on_this_machine_it_tells_the_time() -> None:
    before = time.time_ns() // 1000
    now = SystemClock(5).now()
    assert before <= now <= wall_time() <= time.time_ns() // 1000


def test_on_this_machine_time_elapses_as_it_passes() -> None:
    outer, begun = time.monotonic_ns(), elapsed_time()
    inner = time.monotonic_ns()
    # Until more has passed than both clocks can be apart by their grain, whatever the machine does in between.
    while time.monotonic_ns() - inner < 2_000_000:
        pass
    passed, ended = time.monotonic_ns() - inner, elapsed_time()
    assert passed // 1000 - 1 <= ended - begun <= (time.monotonic_ns() - outer) // 1000 + 1
