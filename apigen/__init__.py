"""Apigen: from a domain description to a typed, layered, tested FastAPI project."""

__version__ = "0.3.0.dev0"
