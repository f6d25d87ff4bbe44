# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Hypothesis strategies of todo: any payload that its constraints allow."""

from hypothesis import strategies as st

from todo.support.testing.cases import Sample
from todo.support.testing.strategies import texts


def tasks() -> st.SearchStrategy[dict[str, Sample]]:
    """Return payloads that create a Task."""
    return st.fixed_dictionaries(
        {"title": texts(1, 200), "done": st.booleans(), "due_on": st.just("2026-01-01")}
    )
