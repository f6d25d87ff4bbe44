"""Revisions over rows, on both databases."""
