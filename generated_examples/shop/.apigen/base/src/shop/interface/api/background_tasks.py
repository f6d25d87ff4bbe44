# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of background tasks over HTTP, in every version of the API.

Whoever has asked for a task sees it; holders of these roles see all.
"""

from shop.support.interface.tasks import task_router

router = task_router(
    overseers=(
        "staff",
        "admin",
    )
)
