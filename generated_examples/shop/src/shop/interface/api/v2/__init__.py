# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Version v2 of the API, one module a resource."""
