"""The exception for our own mistakes: never for a wrong spec, never for a broken environment."""


class InternalError(Exception):
    """Something apigen guarantees does not hold; the command line asks for a report (exit 70)."""
