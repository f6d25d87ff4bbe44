"""The HTTP edge, over a project in memory."""
