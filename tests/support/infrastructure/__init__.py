"""Tests of the vendored infrastructure."""
