ROUTERS = [
    lists.router,
    tasks.router,
]
