"""Tests of the support package, one folder a layer."""
