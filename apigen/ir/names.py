"""One name in every spelling the outputs need, worked out once.

Pluralising knows the common English rules and a table of irregular words; a spec overrides it
with `plural` or `defaults.naming.plurals`.
"""

import re
from functools import cache

from apigen.values import dataclass

_WORD = re.compile(
    r"[A-Z]+(?=[A-Z][a-z])|(?:[A-Z]?[a-z]+|[A-Z]+)(?:[0-9]+[a-z]+)*|[0-9]+(?:[a-z]+[0-9]*)*"
)
_APART = re.compile(r"[^A-Za-z0-9]+")

_IRREGULAR = {
    "child": "children",
    "datum": "data",
    "foot": "feet",
    "goose": "geese",
    "index": "indexes",
    "leaf": "leaves",
    "life": "lives",
    "loaf": "loaves",
    "knife": "knives",
    "half": "halves",
    "shelf": "shelves",
    "thief": "thieves",
    "wife": "wives",
    "wolf": "wolves",
    "man": "men",
    "medium": "media",
    "mouse": "mice",
    "ox": "oxen",
    "person": "people",
    "tooth": "teeth",
    "woman": "women",
    "analysis": "analyses",
    "axis": "axes",
    "basis": "bases",
    "crisis": "crises",
    "diagnosis": "diagnoses",
    "hypothesis": "hypotheses",
    "thesis": "theses",
    "criterion": "criteria",
    "phenomenon": "phenomena",
    "quiz": "quizzes",
    "status": "statuses",
    "hero": "heroes",
    "potato": "potatoes",
    "tomato": "tomatoes",
    "echo": "echoes",
    "bus": "buses",
    "cookie": "cookies",
    "gas": "gases",
    "lens": "lenses",
    "movie": "movies",
    "virus": "viruses",
    "veto": "vetoes",
}
_UNCOUNTABLE = frozenset(
    {"equipment", "fish", "information", "money", "news", "rice", "series", "sheep", "species"}
)
_SINGULAR = {plural: singular for singular, plural in _IRREGULAR.items()}


@cache  # the same few names are asked for again and again
def words(text: str) -> tuple[str, ...]:
    """Split `OrderLine2`, `order_line2` or `order-line2` into its lower-case words.

    Digits stay with the letters they touch, so that a name in snake case is its own snake case.
    """
    found: list[str] = []
    for chunk in _APART.split(text):
        for number, part in enumerate(_WORD.findall(chunk)):
            if part.isdigit() and number:
                found[-1] += part
            else:
                found.append(part.lower())
    return tuple(found)


def pluralize(word: str) -> str:
    """Return the plural of one lower-case English word."""
    if word in _UNCOUNTABLE:
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for singular, plural in (("man", "men"), ("person", "people"), ("child", "children")):
        if word.endswith(singular) and len(word) > len(singular) + 1 and word != "human":
            return word.removesuffix(singular) + plural
    if re.search(r"(s|x|z|ch|sh)$", word):
        return word + "es"
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + "s"


def singularize(word: str) -> str:
    """Return the singular of one lower-case English word; a singular comes back as it is."""
    if word in _UNCOUNTABLE or word in _IRREGULAR:
        return word
    if word in _SINGULAR:
        return _SINGULAR[word]
    if re.search(r"[^aeiou]ies$", word) and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(ss|x|z|ch|sh)es$", word):
        return word[:-2]
    if re.search(r"[^su]s$", word):
        return word[:-1]
    return word


def stands_in(name: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    """Whether the words of a name, or of its plural, are a part of a longer one's.

    `(task,)` stands in the words of `CreateTask`, `task_repository` and `TASKS`.
    """
    if not name:
        return False
    plural = (*name[:-1], pluralize(name[-1]))
    parts = [longer[start : start + len(name)] for start in range(len(longer) - len(name) + 1)]
    return name in parts or plural in parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A spec name and its spellings.

    Spellings are not yet identifiers of Python (`class` is a fine `snake`): that is
    `apigen.python.identifiers`.
    """

    text: str
    """As written in the spec."""
    snake: str
    pascal: str
    kebab: str
    plural_snake: str
    plural_pascal: str
    plural_kebab: str

    @staticmethod
    @cache  # the same few names stand in many entities
    def of(text: str, *, plural: str | None = None) -> "Name":
        """Work out the spellings of `text`; `plural` (any case) overrides the English rules."""
        parts = words(text)
        plural_parts = (*parts[:-1], pluralize(parts[-1])) if plural is None else words(plural)
        return Name(
            text=text,
            snake="_".join(parts),
            pascal="".join(part.capitalize() for part in parts),
            kebab="-".join(parts),
            plural_snake="_".join(plural_parts),
            plural_pascal="".join(part.capitalize() for part in plural_parts),
            plural_kebab="-".join(plural_parts),
        )
