"""The intermediate representation: a resolved system, data only."""
