"""How names read in sentences."""

from apigen.ir.names import Name


def noun(name: Name) -> str:
    """Return a name as words: `order line`."""
    return name.snake.replace("_", " ")


def noun_plural(name: Name) -> str:
    """Return the plural of a name as words."""
    return name.plural_snake.replace("_", " ")


def a(name: Name) -> str:
    """Return a name as words with its article: `an order line`."""
    words = noun(name)
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"
