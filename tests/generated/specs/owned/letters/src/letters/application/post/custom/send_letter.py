"""How `SendLetter` is carried out: written by hand.

This file was made once, and apigen never touches it again.
"""

from letters.application.post.commands import SendLetter
from letters.domain.post.repositories import PostUnitOfWork
from letters.support.application.command_handlers import CommandContext


async def handle(command: SendLetter, work: PostUnitOfWork, context: CommandContext) -> str:
    """Tell somebody about an order; the letter is what it answers."""
    return f"{context.now:%Y-%m-%d}: {command.number}, {command.tone}"
