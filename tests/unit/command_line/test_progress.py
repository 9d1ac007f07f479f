"""Who waits at a terminal sees how far it is; who keeps what is said keeps nothing of that."""

import threading

import pytest

from wco_embedded import progress


def waited_for() -> None:
    """Let something take longer than a person waits without being told anything."""
    with progress.progress_bar("Folding", 2) as advance:
        advance(1)
        for thread in threading.enumerate():
            if isinstance(thread, threading.Timer):
                thread.join()


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)


def test_a_terminal_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    waited_for()
    assert "Folding" in capsys.readouterr().err


def test_what_is_no_terminal_gets_none_of_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("TTY_COMPATIBLE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    waited_for()
    assert capsys.readouterr().err == ""
