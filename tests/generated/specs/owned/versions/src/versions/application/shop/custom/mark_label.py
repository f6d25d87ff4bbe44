"""How `MarkLabel` is carried out: written by hand.

This file was made once, and apigen never touches it again.
"""

from versions.application.shop.commands import MarkLabel
from versions.domain.shop.repositories import ShopUnitOfWork
from versions.domain.shop.value_objects import Mark
from versions.support.application.command_handlers import CommandContext, required


async def handle(command: MarkLabel, work: ShopUnitOfWork, context: CommandContext) -> Mark:
    """Mark the label, and answer with the mark."""
    label = await required(work.labels, command.id, "label")
    label.marks = [*(label.marks or ()), command.mark]
    await work.labels.save(label)
    return command.mark
