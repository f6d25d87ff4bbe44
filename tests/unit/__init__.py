"""Tests of the compiler, one folder a step."""
