"""Fixtures: the projects of this run."""

import pytest

from tests.generated.projects import Projects, shared_folder


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Projects:
    """The projects that this test run has made so far, and those it will ask for."""
    return Projects(shared_folder(tmp_path_factory))
