"""How `Tidy` is carried out: written by hand.

This file was made once, and apigen never touches it again.
"""

from letters.application.post.commands import Tidy
from letters.domain.post.events import Tidied, TidiedEvent
from letters.domain.post.repositories import PostUnitOfWork
from letters.support.application.command_handlers import CommandContext


async def handle(command: Tidy, work: PostUnitOfWork, context: CommandContext) -> None:
    """Throw everything away, and say so."""
    await work.publish((TidiedEvent(payload=Tidied(pages=0), occurred_at=context.now),))
