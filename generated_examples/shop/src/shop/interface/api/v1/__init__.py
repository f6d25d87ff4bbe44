# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Version v1 of the API, one module a resource."""
