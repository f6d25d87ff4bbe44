# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Limits of requests."""

import pytest

from shop.core.settings import Settings
from shop.main import create_app
from shop.support.interface.api import Api
from shop.support.testing.clocks import SetClock
from shop.support.testing.contracts.rate_limits import RateLimitContract


@pytest.fixture
def limited(settings: Settings, clock: SetClock) -> Api:
    """Return an application of its own, whose limits the tests set."""
    return create_app(settings, clock=clock)


class TestRateLimits(RateLimitContract):
    """What clients are told that ask too often."""
