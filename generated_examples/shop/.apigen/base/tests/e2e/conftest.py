# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Fixtures: the application, trusting an issuer of tokens that the tests are themselves."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from shop import main
from shop.core.settings import Settings
from shop.infrastructure.tokens import READ_ACTOR, trusted_issuers
from shop.support.testing.api_client import ApiClient, serving
from shop.support.testing.clocks import SetClock
from shop.support.testing.kept_answers import KEPT
from shop.support.testing.tokens import EVERYTHING, Tokens


@pytest.fixture(scope="session")
def tokens(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    """Return what makes tokens of the first issuer."""
    return Tokens(trusted_issuers(settings)[0], READ_ACTOR, tmp_path_factory.mktemp("keys"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def application(
    settings: Settings, migrated: AsyncEngine, tokens: Tokens, clock: SetClock
) -> AsyncIterator[ApiClient]:
    """Lend a client of the started application that may do everything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(main, "token_validator", lambda settings: tokens)
        app = main.create_app(settings, clock=clock)
    KEPT.cache = app.state.cache
    async with serving(app) as client:
        yield client.with_token(EVERYTHING)
