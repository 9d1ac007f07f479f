"""kpi-projector: follows the logs, folds them, and answers what the KPIs were at any moment."""
