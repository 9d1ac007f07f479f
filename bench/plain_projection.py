"""What the fold is measured against: the same facts, projected with the library `eventsourcing` on PostgreSQL.

A submission replaces the one before, and its survey's totals are moved by the difference; with each event goes, in one
transaction, how far the projection is. It keeps no versions, so it can say nothing of a past moment. Arguments: a
database's URL, a bundle, and how many events of survey-intake to take. Prints the events projected a second.
"""

import json
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL
from sqlalchemy import make_url

from wco_common.bundle import log_file
from wco_common.event import decode_recorded

_TABLES = """
CREATE TABLE submission (survey text, key text, ratings jsonb, PRIMARY KEY (survey, key));
CREATE TABLE total (survey text, component text, value bigint NOT NULL, PRIMARY KEY (survey, component))"""
_KEPT = SQL("SELECT ratings FROM submission WHERE survey = %s AND key = %s")
_KEEP = SQL(
    "INSERT INTO submission VALUES (%s, %s, %s) ON CONFLICT (survey, key) DO UPDATE SET ratings = excluded.ratings"
)
_ADD = SQL(
    "INSERT INTO total SELECT %s, * FROM unnest(%s::text[], %s::bigint[])"
    " ON CONFLICT (survey, component) DO UPDATE SET value = total.value + excluded.value"
)


@dataclass(frozen=True)
class Recorded(DomainEvent):
    """An event of survey-intake, as `eventsourcing` stores it."""

    type: str
    survey: str
    data: dict[str, Any]


class Surveys(Application[UUID]):
    """The log."""


class Answers(PostgresTrackingRecorder):
    """The read model: submissions, and what they come to in each survey."""

    def create_table(self) -> None:
        super().create_table()
        with self.datastore.transaction(commit=True) as cursor:
            for statement in _TABLES.split(";"):
                cursor.execute(SQL(statement))

    def track(self, tracking: Tracking) -> None:
        """Note that an event gives nothing."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)

    def keep(self, survey: str, key: str, ratings: dict[str, int] | None, tracking: Tracking) -> None:
        """Put a submission in the place of the one before; None takes it back."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            before = cursor.execute(_KEPT, (survey, key), prepare=True).fetchone()
            cursor.execute(_KEEP, (survey, key, json.dumps(ratings)), prepare=True)
            moved: dict[str, int] = {}
            for sign, given in ((-1, before and before["ratings"]), (1, ratings)):
                if given is not None:
                    for component, value in _components(given):
                        moved[component] = moved.get(component, 0) + sign * value
            cursor.execute(_ADD, (survey, list(moved), list(moved.values())), prepare=True)


def _components(ratings: dict[str, int]) -> list[tuple[str, int]]:
    return [
        ("submissions", 1),
        *((f"sum/{topic}", rating) for topic, rating in ratings.items()),
        *((f"number/{topic}", 1) for topic in ratings),
    ]


class Totals(Projection[Answers]):
    """Folds the events into the read model."""

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Do nothing with an event of another kind."""

    @process_event.register
    def _(self, domain_event: Recorded, tracking: Tracking) -> None:
        data = domain_event.data
        if domain_event.type in {"org.wcoomd.survey.submitted.v1", "org.wcoomd.survey.withdrawn.v1"}:
            key = f"{data['member']}/{data.get('respondent', '')}"
            self.view.keep(domain_event.survey, key, data.get("ratings"), tracking)
        else:
            self.view.track(tracking)


def main(url: str, bundle: Path, events: int) -> None:
    """Store events, project them, and print the rate."""
    at = make_url(url)
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(at.database),
        "POSTGRES_HOST": str(at.host),
        "POSTGRES_PORT": str(at.port),
        "POSTGRES_USER": str(at.username),
        "POSTGRES_PASSWORD": str(at.password),
    }
    application = Surveys(environment)
    with (bundle / log_file("survey-intake")).open("rb") as file:
        stored = []
        for line in islice(file, events):
            event = decode_recorded(line)
            recorded = Recorded(
                originator_id=uuid5(NAMESPACE_URL, event.subject),
                originator_version=event.subjectversion,
                timestamp=datetime.fromisoformat(event.recordedtime),
                type=event.type,
                survey=event.subject,
                data=event.data,
            )
            stored.append(application.mapper.to_stored_event(recorded))
    application.recorder.insert_events(stored)
    last = application.recorder.max_notification_id()
    began = time.perf_counter()
    with ProjectionRunner(
        application_class=Surveys, projection_class=Totals, view_class=Answers, env=environment
    ) as runner:
        runner.wait(last, timeout=600)
        seconds = time.perf_counter() - began
    application.close()
    print(len(stored) / seconds)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
