# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Tests of the project."""

import pytest

# Failed assertions inside the contracts then show their values.
pytest.register_assert_rewrite("shop.support.testing")
