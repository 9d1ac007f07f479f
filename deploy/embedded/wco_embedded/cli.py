"""The command line `wco-kpi` (outside contract, section 6).

Commands import what they need when they run: help answers at once, and Ctrl-C finds `main` in charge from the start.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from wco_embedded import options
from wco_embedded.refusal import Refusal, of_system

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="The KPIs of the WCO Strategic Plan 2022-2025, from logs of what happened.\n\n"
    "Exit status 0: done; 1: it does not hold; 2: wrong usage or input.",
)

Port = Annotated[
    int, typer.Option(min=0, max=65535, help="The port on 127.0.0.1; 0 takes a free one.", envvar=options.PORT)
]
DataDir = Annotated[
    Path,
    typer.Option(
        "--data-dir",
        envvar=options.DATA_DIR,
        help="The folder that holds every database; made if it is not there. One process at a time uses it; "
        "nothing else may be in it at first.",
    ),
]
DATA_DIR = Path("wco-kpi-data")
"""Where data are when no folder is named: in the folder that the command is run in."""
Demo = Annotated[
    bool | None,
    typer.Option(
        "--demo/--no-demo",
        help="Begin with the demonstration log, if the folder is empty.",
        show_default="demo, without --catalogue",
    ),
]
Catalogue = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        envvar=options.CATALOGUE,
        help="Begin with the plan in this file instead of the one that is shipped; its name without .json is the "
        "plan's id.",
        show_default=False,
    ),
]
Bundle = Annotated[Path, typer.Argument(metavar="DIR", help="A log bundle, as `wco-kpi export` writes it.")]


def _is_typed(context: typer.Context, parameter: str) -> bool:
    """Whether an option stands on the command line, and its value comes from neither environment nor default."""
    source = context.get_parameter_source(parameter)
    return source is not None and source.name == "COMMANDLINE"


def _say_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"wco-kpi {version('wco-kpi')}")
        raise typer.Exit


@app.callback()
def wco_kpi(
    asked: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@app.command(
    epilog="Examples:\n\n"
    "`wco-kpi up` starts with a demonstration and answers at http://127.0.0.1:8000/\n\n"
    "`wco-kpi up --no-demo --data-dir /srv/wco-kpi` starts with the plan and nothing else\n\n"
    "`wco-kpi up --catalogue our-plan.json --data-dir ours` starts with another plan, which has the id `our-plan`\n\n"
    "`wco-kpi up --port 0` takes a free port and says which"
)
def up(port: Port = 8000, data_dir: DataDir = DATA_DIR, demo: Demo = None, catalogue: Catalogue = None) -> None:
    """Run every service in one process, until Ctrl-C.

    It keeps what it recorded: start it again, even after a crash, and it goes on from there.
    """
    from wco_embedded.beginning import chosen
    from wco_embedded.up import run

    run(port, data_dir, chosen(demo, catalogue))


@app.command(
    epilog="Example:\n\n`wco-kpi export --from http://127.0.0.1:8000 --out bundle` takes all that is recorded by now"
)
def export(
    source: Annotated[str, typer.Option("--from", metavar="URL", help="The address that all services answer at.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="A folder that is not there yet, or is empty.")],
) -> None:
    """Write the log bundle: every log as a file, and a manifest, all cut at one time."""
    from wco_embedded.export import run

    run(source, out)


@app.command(
    epilog="Examples:\n\n"
    "`wco-kpi restore bundle --data-dir /srv/wco-kpi` then `wco-kpi up --data-dir /srv/wco-kpi`\n\n"
    "`wco-kpi restore bundle --database plan-registry=postgresql://db/plan --database survey-intake=… "
    "--database operations-feed=…`"
)
def restore(
    context: typer.Context,
    bundle: Bundle,
    data_dir: DataDir = DATA_DIR,
    database: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LOG=URL",
            help="Instead of a folder's: fill the log in this database; once for each of the three logs.",
        ),
    ] = None,
) -> None:
    """Fill empty logs from a bundle, keeping sequences and recorded times. The bundle is verified first."""
    from wco_embedded.restore import into_databases, into_directory

    if not database:
        into_directory(bundle, data_dir)
    elif _is_typed(context, "data_dir"):
        raise Refusal("--data-dir and --database do not go together: one or the other says where the logs are.")
    else:
        into_databases(bundle, database)


@app.command(
    epilog="Examples:\n\n"
    "`wco-kpi replay bundle --period 2023-24`\n\n"
    "`wco-kpi replay bundle --period sp-2022-2025 --as-of 2024-06-30 --json`"
)
def replay(
    bundle: Bundle,
    period: Annotated[str, typer.Option(metavar="P", help="A period of the plan, or the plan's own id for all of it.")],
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="A",
            help="The moment to see it from: a time (2024-06-26T12:00:00Z), a date (the end of that UTC day), or "
            "positions (plan-registry:12,survey-intake:40,operations-feed:9). Without it: the last recorded time.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, as the server answers.")] = False,
) -> None:
    """Fold a bundle with no server, and print the scorecard."""
    from wco_embedded.replay import run

    run(bundle, period, as_of, as_json)


@app.command(epilog="Examples:\n\n`wco-kpi verify bundle`\n\n`wco-kpi verify http://127.0.0.1:8000`")
def verify(
    target: Annotated[str, typer.Argument(metavar="DIR|URL", help="A log bundle, or the address of the services.")],
) -> None:
    """Check sequences, canonical form and hashes; of a server also that its KPI values equal the replayed ones."""
    from wco_embedded.verify import run

    run(target)


@app.command(
    "import",
    epilog="Examples:\n\n"
    "`wco-kpi import seizures seizures.csv --mapping seizures.toml --dry-run` checks every row, and posts nothing\n\n"
    "`wco-kpi import answers answers.xlsx --mapping answers.toml --to https://kpi.example.org`\n\n"
    "`wco-kpi import-template seizures --out template` writes a spreadsheet to fill in, and its mapping",
)
def import_(
    kind: Annotated[str, typer.Argument(help="What a row is: seizures, actions or answers.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The spreadsheet, CSV or XLSX.")],
    mapping: Annotated[Path, typer.Option(metavar="FILE", help="Which columns the fields of a row come from (TOML).")],
    to: Annotated[
        str, typer.Option("--to", metavar="URL", help="The address that all services answer at.")
    ] = "http://127.0.0.1:8000",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row, and post nothing.")] = False,
) -> None:
    """Take the rows of a spreadsheet in as events.

    Every row is checked, by the services too, before the first is posted: one that is wrong is told with its line and
    column, and then nothing is posted (exit status 1). The same file again adds nothing; a row that has changed is
    posted as a correction. What was interrupted is completed by the same command again.
    """
    from wco_embedded.spreadsheet.importing import run

    run(kind, file, mapping, to, dry_run)


@app.command(
    "import-template",
    epilog="Example:\n\n`wco-kpi import-template seizures --out template` then "
    "`wco-kpi import seizures template/seizures.xlsx --mapping template/seizures.toml`",
)
def import_template(
    kind: Annotated[str, typer.Argument(help="What a row is: seizures, actions or answers.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write into; made if it is not there.")],
) -> None:
    """Write a spreadsheet to fill in, as CSV and as XLSX, its columns explained, and the mapping that takes it."""
    from wco_embedded.spreadsheet.template import run

    run(kind, out)


def main() -> None:
    """Run the command line: a refusal is a sentence on stderr and an exit status, never a traceback."""
    try:
        app()
    except Refusal as refusal:
        print(f"wco-kpi: {refusal}", file=sys.stderr)
        sys.exit(refusal.status)
    except OSError as error:
        print(f"wco-kpi: {of_system(error)}.", file=sys.stderr)
        sys.exit(Refusal.status)
    except ValueError as error:
        from wco_common.settings import WrongSettings

        if not isinstance(error, WrongSettings):
            raise
        print(f"wco-kpi: {error}.", file=sys.stderr)
        sys.exit(Refusal.status)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
