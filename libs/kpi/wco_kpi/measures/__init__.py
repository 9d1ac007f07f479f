"""The measures of the vocabulary, one file each: the algebra has no code for any single KPI."""

from typing import assert_never

from wco_events.measure import (
    Actions,
    Activities,
    Experts,
    FinalReports,
    Instruments,
    KpiStatuses,
    Measure,
    PartnershipSteps,
    Ratings,
)
from wco_kpi.measures.actions import Completion
from wco_kpi.measures.activities import Share
from wco_kpi.measures.experts import InForce
from wco_kpi.measures.instruments import Knowledge
from wco_kpi.measures.partnerships import Reviewed
from wco_kpi.measures.ratings import Satisfaction
from wco_kpi.measures.seizures import Seizures
from wco_kpi.measuring import Measuring, View


def measuring(measure: Measure, view: View) -> Measuring | None:
    """Put a measure to work in a view; None for `kpi-statuses`, which has no facts of its own."""
    match measure:
        case KpiStatuses():
            return None
        case Actions():
            return Completion(measure, view)
        case Ratings():
            return Satisfaction(measure, view)
        case Instruments():
            return Knowledge(measure, view)
        case FinalReports():
            return Seizures(measure, view)
        case PartnershipSteps():
            return Reviewed(measure, view)
        case Activities():
            return Share(measure, view)
        case Experts():
            return InForce(measure, view)
        case _:
            assert_never(measure)
