"""The HTTP edge: routes, conditional requests, problems, health, documentation."""
