"""Judge the meaning of a resolved system, one rule a module."""
