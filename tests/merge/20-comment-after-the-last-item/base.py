ROUTERS = [
    tasks.router,
]
