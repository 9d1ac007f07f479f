"""The variables of the environment that stand for options of the command line."""

PORT = "WCO_KPI_PORT"
DATA_DIR = "WCO_KPI_DATA_DIR"
CATALOGUE = "WCO_KPI_CATALOGUE"

OPTIONS = (PORT, DATA_DIR, CATALOGUE)
