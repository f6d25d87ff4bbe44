# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The languages of this project.

Messages are in English, and programs go by their codes; texts of the domain have a form for
each locale.
"""

from shop.support.core.languages import Locales

LOCALES = Locales(
    default="en",
    chains={
        "en": ("en",),
    },
)
"""What is asked for in one is shown in the first of its chain that has a text."""
