"""The command line, with what runs a cluster added to the commands of the one process."""

from pathlib import Path
from typing import Annotated

import typer

from wco_cluster import options
from wco_embedded.cli import Catalogue, Demo, Port, app, main

DataDir = Annotated[
    Path,
    typer.Option(
        "--data-dir",
        envvar=options.DATA_DIR,
        help="The folder that holds what PostgreSQL and Kafka keep, and what each part says; made if it is not there. "
        "One cluster at a time uses it; nothing else may be in it at first.",
    ),
]
Begun = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Begin with a log bundle, as `wco-kpi export` writes it. Where something is recorded, it must be what the "
        "logs began with.",
        show_default=False,
    ),
]
DATA_DIR = Path("wco-kpi-cluster")
"""Where data are when no folder is named: in the folder that the command is run in."""


@app.command(
    epilog="Examples:\n\n"
    "`wco-kpi cluster` starts with a demonstration and answers at http://127.0.0.1:8000/\n\n"
    "`wco-kpi cluster --no-demo --data-dir /srv/wco-kpi` starts with the plan and nothing else\n\n"
    "`wco-kpi cluster --bundle backup --data-dir restored` starts with what was exported"
)
def cluster(
    port: Port = 8000,
    data_dir: DataDir = DATA_DIR,
    demo: Demo = None,
    catalogue: Catalogue = None,
    bundle: Begun = None,
) -> None:
    """Run each service as a program of its own, on PostgreSQL and Kafka, until Ctrl-C.

    A part that ends is started again. In the folder, `parts.json` says which there are: name, process and address.
    """
    from wco_cluster.cluster import run
    from wco_embedded.beginning import chosen

    run(port, data_dir, chosen(demo, catalogue, bundle))


@app.command(epilog="Example:\n\n`wco-kpi prepare` in docker-compose.yml makes the databases before the services start")
def prepare(demo: Demo = None, catalogue: Catalogue = None, bundle: Begun = None) -> None:
    """Make the services' databases on a PostgreSQL server, or bring them up to date; the environment says where.

    A database for each service, with roles that may do no more than they have to, and the tables. Logs that are empty
    begin as they do with `cluster`. To be run before services start, the first time and after each upgrade.
    """
    from wco_cluster.prepare import run
    from wco_embedded.beginning import chosen

    run(chosen(demo, catalogue, bundle))


@app.command(
    epilog="Examples:\n\n"
    "`wco-kpi heal operations-feed --database postgresql://db/operations_feed` takes back what the log has lost\n\n"
    "`wco-kpi heal survey-intake --database postgresql://db/survey_intake --empty-topic` has the log published anew"
)
def heal(
    log: Annotated[str, typer.Argument(help="The log: plan-registry, survey-intake or operations-feed.")],
    database: Annotated[str, typer.Option(metavar="URL", help="The log's database.")],
    empty_topic: Annotated[
        bool,
        typer.Option(
            "--empty-topic",
            help="The log is right and its Kafka topic is not: empty it, for the log to be published anew. "
            "What the topic has and the log has not is lost for ever.",
        ),
    ] = False,
) -> None:
    """Let a log record again that is read-only because its Kafka topic is not its own.

    What the topic has and the log has lost, as by a backup put in its place, the log takes back as it was recorded.
    Kafka is where `WCO_KPI_KAFKA_BOOTSTRAP_SERVERS` says. Services and relays may run meanwhile.
    """
    from wco_cluster.heal import run

    run(log, database, empty_topic)


__all__ = ["app", "main"]

if __name__ == "__main__":
    main()
