ROUTERS = [
    tasks.router,
    # Ours come last.
    metrics.router,
    # metrics.debug_router,
]
