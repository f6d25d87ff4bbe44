"""From the spec as written to the resolved system, one normalisation a module."""
