import pytest

from scenario import Given, Scenario
from survey_intake.decide import SurveyIntakeDecider


@pytest.fixture
def given() -> Given:
    return lambda *past: Scenario(SurveyIntakeDecider(), past)
