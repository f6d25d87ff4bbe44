"""The spec language: which keys exist, what shape their values have."""
