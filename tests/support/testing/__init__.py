"""Tests of what projects test themselves with."""
