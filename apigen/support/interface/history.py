"""What is told of the past of an audited resource. Of moves alone, `replies.Move` tells."""

from datetime import datetime

from pydantic import Field, JsonValue

from ..application.dtos import Dto


class FieldChange(Dto):
    """What became of one value."""

    from_: JsonValue = Field(alias="from", description="None where there was nothing.")
    to: JsonValue = Field(description="None where there is nothing any more.")


class Change(Dto):
    """One change, of whatever kind."""

    operation: str = Field(description="create, update, delete or restore.")
    changes: dict[str, FieldChange] = Field(
        description=(
            "By path: `price.amount`, `lines.<id>.note`. What may not be shown is `***` on both"
            " sides."
        )
    )
    actor_id: str | None = Field(description="Who made it; None where nobody was asked.")
    occurred_at: datetime


class MovingChange(Change):
    """One change, which may be a move of the lifecycle too."""

    from_state: str | None = Field(description="None unless it moved.")
    to_state: str | None = Field(description="None unless it moved.")
