# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Who carries out the tasks of shop, and how."""

from shop.application.shop.custom import expire_carts
from shop.application.shop.tasks import ExpireCartsTask
from shop.domain.shop.repositories import ShopUnitOfWork
from shop.support.application.command_handlers import WorkFactory
from shop.support.application.task_runner import CustomTask, TaskRunner


def register_shop_tasks(runner: TaskRunner, *, unit_of_work: WorkFactory[ShopUnitOfWork]) -> None:
    """Let the runner take every task of shop to its handler."""
    runner.register(ExpireCartsTask, CustomTask(expire_carts.handle, unit_of_work))
