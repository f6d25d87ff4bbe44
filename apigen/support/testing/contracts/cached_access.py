"""Who is shown what, where answers are kept: nobody what was worked out for somebody else."""

from ..access_cases import AccessRow
from ..api_client import ApiClient
from ..asking import Asking
from ..rows import Rows
from ..tokens import Tokens
from .access import AccessContract, caller_client


class CachedAccessContract(AccessContract):
    """The matrix of a resource whose answers are kept."""

    async def test_what_one_is_shown_is_not_kept_for_others(
        self, client: ApiClient, rows: Rows, tokens: Tokens, operation: AccessRow
    ) -> None:
        """Those who may see the row ask first; those who may not are answered as before."""
        asking = Asking(self.case, operation, rows)
        row = await asking.begin()
        if not operation.shows:
            return
        for caller in operation.permitted:
            for _ in range(2):
                response = await asking.send(caller_client(client, tokens, caller), row)
                assert self._has(response, row, operation.embedded), caller.label

        for status, callers in operation.refused.items():
            for caller in callers:
                response = await asking.send(caller_client(client, tokens, caller), row)
                assert response.status_code == status, f"{caller.label}: {response.text}"
        for caller in operation.unaware:
            response = await asking.send(caller_client(client, tokens, caller), row)
            assert not self._has(response, row, operation.embedded), caller.label
