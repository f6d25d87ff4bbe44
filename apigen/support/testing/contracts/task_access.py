"""What may be seen of background tasks over HTTP where callers say who they are."""

from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncEngine

from ..api_client import ApiClient, assert_problem
from ..tokens import Tokens
from .tasks import TaskRoutesContract


class SecuredTaskRoutesContract(TaskRoutesContract):
    """What may be seen of tasks where callers say who they are."""

    overseers: ClassVar[tuple[str, ...]]

    async def test_a_stranger_sees_nothing(self, client: ApiClient, engine: AsyncEngine) -> None:
        """Not even that there is something."""
        id = await self.ask(engine)
        stranger = client.without_token()

        assert_problem(await stranger.get(self.path), 401)
        assert_problem(await stranger.get(f"{self.path}/{id}"), 401)
        assert_problem(await stranger.post(f"{self.path}/{id}/cancel"), 401)

    async def test_one_sees_what_one_has_asked_for(
        self, client: ApiClient, engine: AsyncEngine, tokens: Tokens
    ) -> None:
        """Everybody else's tasks are not there, those of the program itself neither."""
        mine = await self.ask(engine, actor_id="u-1")
        hidden = [await self.ask(engine, actor_id=other) for other in ("u-2", None)]
        me = client.with_token(tokens.token("u-1", (), {}))

        page = (await me.get(self.path)).json()

        assert [one["id"] for one in page["items"]] == [str(mine)]
        assert page["total"] == 1
        for id in hidden:
            assert_problem(await me.get(f"{self.path}/{id}"), 404)
            assert_problem(await me.post(f"{self.path}/{id}/cancel"), 404)

    async def test_overseers_see_all(
        self, client: ApiClient, engine: AsyncEngine, tokens: Tokens
    ) -> None:
        """Those who may read everything anyway."""
        ids = {str(await self.ask(engine, actor_id=other)) for other in ("u-1", "u-2", None)}
        for role in self.overseers:
            overseer = client.with_token(tokens.token("u-3", (role,), {}))

            page = (await overseer.get(self.path)).json()

            assert {one["id"] for one in page["items"]} == ids
