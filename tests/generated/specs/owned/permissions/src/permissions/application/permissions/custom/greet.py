"""How `Greet` is carried out: written by hand.

This file was made once, and apigen never touches it again.
"""

from permissions.application.permissions.commands import Greet
from permissions.domain.permissions.repositories import PermissionsUnitOfWork
from permissions.support.application.command_handlers import CommandContext


async def handle(command: Greet, work: PermissionsUnitOfWork, context: CommandContext) -> str:
    """Say hello."""
    return f"Hello, {command.name}!"
