import pytest

from operations_feed.decide import OperationsFeedDecider
from scenario import Given, Scenario


@pytest.fixture
def given() -> Given:
    return lambda *past: Scenario(OperationsFeedDecider(), past)
