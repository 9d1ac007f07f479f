"""The variables of the environment that stand for options of the command line."""

from wco_embedded.options import CATALOGUE, PORT

DATA_DIR = "WCO_KPI_CLUSTER_DATA_DIR"

OPTIONS = (PORT, DATA_DIR, CATALOGUE)
