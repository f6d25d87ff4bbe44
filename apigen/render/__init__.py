"""Render: a plan to texts, every template checked against its view, formatted once."""
