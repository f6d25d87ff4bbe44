"""How long apigen takes, measured on specs of any size."""
