# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What is told of background tasks over HTTP."""

from shop.application.shop.tasks import SHOP_TASKS
from shop.infrastructure.persistence.session import TASKS_TABLE
from shop.support.testing.contracts.task_access import SecuredTaskRoutesContract


class TestBackgroundTasks(SecuredTaskRoutesContract):
    """Who sees which task, and may stop it."""

    path = "/api/v2/tasks"
    definitions = SHOP_TASKS
    table = TASKS_TABLE
    overseers = (
        "staff",
        "admin",
    )
