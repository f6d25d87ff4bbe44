"""How `MendDesk` is carried out: written by hand.

This file was made once, and apigen never touches it again.
"""

from permissions.application.permissions.commands import MendDesk
from permissions.domain.permissions.aggregates import Desk
from permissions.domain.permissions.repositories import PermissionsUnitOfWork
from permissions.support.application.command_handlers import CommandContext, required


async def handle(
    command: MendDesk, work: PermissionsUnitOfWork, context: CommandContext
) -> Desk | None:
    """Set the desk free again."""
    desk = await required(work.desks, command.id, "desk")
    desk.mend()
    await work.desks.save(desk)
    return desk
