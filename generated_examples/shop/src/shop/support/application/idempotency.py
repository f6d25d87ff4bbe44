"""One effect for one `Idempotency-Key`, however often a request comes: what a store promises.

A store is asked for the claim to a request before it is carried out. Whoever has the claim carries
the request out; everybody else gets what it has answered, or is told why there is no answer.

Source: requirement 30.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """What a request was answered, as it is given again."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Refusal(StrEnum):
    """Why a request is neither carried out nor answered."""

    IN_PROGRESS = "idempotency_in_progress"
    """Another one with the key is being carried out."""
    KEY_REUSED = "idempotency_key_reused"
    """The key belongs to a request with another body."""
    OUTCOME_UNKNOWN = "idempotency_outcome_unknown"
    """It was carried out, and what it answered was lost: the process has died in between."""


class Claim(Protocol):
    """The right to carry one request out."""

    @property
    def is_committed(self) -> bool:
        """Whether the request has had its effect."""
        ...

    def bound(self) -> AbstractContextManager[None]:
        """Run a block whose first commit notes, in its own transaction, that the effect is there.

        That commit fails when the claim was lost to another in the meantime.
        """
        ...

    async def keep(self, answer: KeptAnswer) -> None:
        """Keep the answer for those that come later."""
        ...

    async def give_up(self) -> None:
        """End without an answer; a request without an effect may be carried out again."""
        ...


class IdempotencyStore(Protocol):
    """Knows which requests were carried out."""

    async def claim(self, scope: str, key: str, fingerprint: str) -> Claim | KeptAnswer | Refusal:
        """Ask for the claim to a request; waits a moment while somebody else has it.

        Args:
            scope: Who asks for what, in at most 64 characters; a key means nothing outside of it.
            key: As the client has sent it, at most 255 characters.
            fingerprint: Hash of the body, at most 64 characters.
        """
        ...
