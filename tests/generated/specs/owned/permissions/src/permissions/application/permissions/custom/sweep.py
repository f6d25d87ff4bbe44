"""How `Sweep` is carried out: written by hand.

This file was made once, and apigen never touches it again.
"""

from permissions.application.permissions.commands import Sweep
from permissions.domain.permissions.repositories import PermissionsUnitOfWork
from permissions.support.application.command_handlers import CommandContext
from permissions.support.core.protocols import QueryOptions


async def handle(command: Sweep, work: PermissionsUnitOfWork, context: CommandContext) -> None:
    """Take every seat of the room away."""
    seats = await work.seats.find(QueryOptions())
    await work.seats.remove_many([seat for seat in seats if seat.room == command.room])
