"""survey-intake as a program of its own. Argument: the database's URL."""

import sys

from serving import serve
from survey_intake.app import service
from wco_common.answering import OneWriteProtocol
from wco_common.settings import LogSettings
from wco_common.structured_log import configure_logging

if __name__ == "__main__":
    configure_logging("warning", "json")
    settings = LogSettings(database_url=sys.argv[1])
    serve(lambda: service(settings).app, OneWriteProtocol)
