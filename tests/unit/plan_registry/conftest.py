import pytest

from plan_registry.decide import PlanRegistryDecider
from scenario import Given, Scenario


@pytest.fixture
def given() -> Given:
    return lambda *past: Scenario(PlanRegistryDecider(), past)
