"""A program of its own: an app that is put together from the environment and served by uvicorn."""

import os
import sys
from collections.abc import Callable, Collection

import structlog
from fastapi import FastAPI

from wco_common.collector import spare_what_stays
from wco_common.settings import ServiceSettings, Settings, WrongSettings, unknown_variables
from wco_common.structured_log import configure_logging

_log = structlog.get_logger(__name__)


def program(put_together: Callable[[], FastAPI], reads: Collection[type[Settings]]) -> FastAPI:
    """Return an app that is put together from settings of some classes, with the log lines of a program.

    Ends the program with a sentence where the environment cannot be taken, and warns of what sets nothing in it.
    """
    try:
        settings = ServiceSettings()
        app = put_together()
    except WrongSettings as wrong:
        sys.exit(f"{wrong}.")
    configure_logging(settings.log_level, settings.log_format)
    kinds: list[type[Settings]] = [ServiceSettings, *reads]
    known = {variable for kind in kinds for variable in kind.variables()}
    for sentence in unknown_variables(os.environ, known):
        _log.warning(sentence)
    spare_what_stays()
    return app
