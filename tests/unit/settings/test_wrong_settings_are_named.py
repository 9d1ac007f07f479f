"""A variable of the environment that cannot be taken is named, with what it is and what it must be."""

import pytest
from sqlalchemy import make_url

import survey_intake.app
from kpi_projector.settings import ProjectorSettings
from wco_common.append import AppendSettings
from wco_common.database_url import with_driver
from wco_common.engine import DatabaseSettings
from wco_common.settings import LogSettings, ServiceSettings, Settings, WrongSettings, unknown_variables
from wco_embedded.settings import CommandSettings

DATABASE = (
    "must begin with sqlite:/// or postgresql://, "
    "as sqlite:////srv/log.sqlite or postgresql://user:password@host/database"
)


@pytest.mark.parametrize(
    ("kind", "variable", "value", "said"),
    [
        (CommandSettings, "WCO_KPI_ANSWER_TIMEOUT", "soon", "is 'soon', but must be a number above 0"),
        (CommandSettings, "WCO_KPI_KEEP_ALIVE", "0", "is '0', but must be a whole number of at least 1"),
        (ServiceSettings, "WCO_KPI_LOG_LEVEL", "loud", "is 'loud', but must be one of debug, info, warning, error"),
        (ServiceSettings, "WCO_KPI_READINESS_TIMEOUT", "inf", "is 'inf', but must be a number above 0"),
        (DatabaseSettings, "WCO_KPI_DATABASE_KEEPALIVE", "1.5", "is '1.5', but must be a whole number of at least 1"),
        (AppendSettings, "WCO_KPI_APPEND_PATIENCE", "-1", "is '-1', but must be a number above 0"),
        (ProjectorSettings, "WCO_KPI_PROJECTOR_FRESHNESS", "-1", "is '-1', but must be a number of at least 0"),
        (ProjectorSettings, "WCO_KPI_PROJECTOR_DATABASE_URL", "mysql://x", DATABASE),
        (LogSettings, "WCO_KPI_DATABASE_URL", "/srv/log.sqlite", DATABASE),
        (LogSettings, "WCO_KPI_DATABASE_URL", "", "must be set"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_said_with_what_would_be_right(
    monkeypatch: pytest.MonkeyPatch, kind: type[Settings], variable: str, value: str, said: str
) -> None:
    for database in ("WCO_KPI_DATABASE_URL", "WCO_KPI_PROJECTOR_DATABASE_URL"):
        monkeypatch.setenv(database, "sqlite:///x")
    monkeypatch.setenv(variable, value)
    with pytest.raises(WrongSettings) as wrong:
        kind()
    assert wrong.value.faults == (f"{variable} {said}",)


def test_every_wrong_value_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WCO_KPI_CONNECT_TIMEOUT", "never")
    monkeypatch.setenv("WCO_KPI_STOP_TIMEOUT", "never")
    with pytest.raises(WrongSettings) as wrong:
        CommandSettings()
    assert [fault.partition(" ")[0] for fault in wrong.value.faults] == [
        "WCO_KPI_CONNECT_TIMEOUT",
        "WCO_KPI_STOP_TIMEOUT",
    ]
    assert str(wrong.value) == "; ".join(wrong.value.faults)


def test_an_address_of_a_database_is_not_repeated_since_a_password_may_stand_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WCO_KPI_DATABASE_URL", "mysql://me:secret@host/log")
    with pytest.raises(WrongSettings) as wrong:
        LogSettings()
    assert "secret" not in str(wrong.value)


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WCO_KPI_STOP_TIMEOUT", "")
    assert CommandSettings().stop_timeout == 10


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:////srv/log.sqlite", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:////srv/log.sqlite", "sqlite+aiosqlite"),
        ("postgresql://me:pass%20word@host:5432/log?host=/run", "postgresql+asyncpg"),
        ("postgres://host/log", "postgresql+asyncpg"),
        ("postgresql+asyncpg://host/log", "postgresql+asyncpg"),
    ],
)
def test_the_driver_need_not_stand_in_the_address_of_a_database(url: str, driver: str) -> None:
    taken = make_url(LogSettings(database_url=url).database_url)
    assert taken.drivername == driver
    assert taken == make_url(url).set(drivername=driver)


@pytest.mark.parametrize("url", ["", "postgresql", "mysql://host/log", "postgresql+psycopg2://host/log", "file:///log"])
def test_another_database_or_driver_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="must begin with sqlite:/// or postgresql://"):
        with_driver(url)


def test_a_variable_that_sets_nothing_is_told_with_the_one_that_may_be_meant() -> None:
    environment = ["HOME", "WCO_KPI_STOP_TIMOUT", "wco_kpi_keep_alive", "WCO_KPI_COLOUR"]
    assert list(unknown_variables(environment, CommandSettings.variables())) == [
        "WCO_KPI_STOP_TIMOUT sets nothing here; is WCO_KPI_STOP_TIMEOUT meant?",
        "WCO_KPI_COLOUR sets nothing here.",
    ]


def test_a_service_of_its_own_ends_with_a_sentence_when_its_environment_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WCO_KPI_DATABASE_URL", "sqlite:///x")
    monkeypatch.setenv("WCO_KPI_APPEND_EVENTS_WAITING", "0")
    with pytest.raises(SystemExit) as ended:
        survey_intake.app.app()
    assert ended.value.code == "WCO_KPI_APPEND_EVENTS_WAITING is '0', but must be a whole number of at least 1."
