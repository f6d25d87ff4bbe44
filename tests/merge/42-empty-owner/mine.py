"""Package."""

VERSION = 1
