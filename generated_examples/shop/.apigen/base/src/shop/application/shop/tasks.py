# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What shop does in the background.

Messages only; `task_handlers.py` knows who takes them. `work.enqueue(…)` has one done once the
transaction is committed.
"""

from dataclasses import dataclass

from shop.support.application.task_registry import TaskDefinition
from shop.support.core.cron import CronSchedule
from shop.support.core.tasks import BackgroundTask


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireCartsTask(BackgroundTask):
    """Expire carts."""

    task_name = "shop.expire_carts"


SHOP_TASKS = (
    TaskDefinition(
        kind=ExpireCartsTask,
        queue="low",
        timeout_s=600,
        schedule=CronSchedule.parse("0 3 * * *"),
    ),
)
"""How the tasks of shop are treated."""
