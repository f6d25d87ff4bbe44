"""How long it takes to make bytes of what a database gave."""
