# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Which versions of the API there are, and what each of them serves."""

from fastapi import FastAPI

from todo.interface.api.v1.tasks import router as tasks_router

V1_ROUTERS = (tasks_router,)
"""Version v1; routers with longer paths come first."""


def include_versions(app: FastAPI) -> None:
    """Serve every version below its own prefix."""
    for router in V1_ROUTERS:
        app.include_router(router, prefix="/api/v1")
