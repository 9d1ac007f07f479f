"""The table of a run says what was broken, what became of the load, and how long it took."""

from chaos.fault import Cut, Kill, Stop
from chaos.findings import Findings
from chaos.tally import Tally, table


def test_the_table_has_kills_by_part_other_faults_by_kind_and_what_was_found() -> None:
    tally = Tally(Findings())
    tally.note([Kill("kafka"), Cut("clients", 1)])
    tally.note([Kill("kafka")])
    tally.note([Stop("relay", 5), Kill("postgres")])
    tally.after_kill += [1.0, 4.0, 2.0]
    tally.findings.lost("an event")

    rows = dict(tally.rows([("events posted", 1_234)]))

    assert rows == {
        "kills": "3",
        "kills: kafka": "2",
        "kills: postgres": "1",
        "other faults": "2",
        "other faults: cut": "1",
        "other faults: stop": "1",
        "events posted": "1,234",
        "losses": "1",
        "doubles": "0",
        "whatever else must not be": "0",
        "seconds from a kill until all works again, p50 and max": "2.0 and 4.0",
        "seconds from the end of another fault until then, p50 and max": "–",
    }


def test_a_table_can_be_read_as_it_is() -> None:
    assert table([("kills", "3"), ("events posted", "1,234")]).splitlines() == [
        "| what          |       |",
        "|---------------|------:|",
        "| kills         |     3 |",
        "| events posted | 1,234 |",
    ]
