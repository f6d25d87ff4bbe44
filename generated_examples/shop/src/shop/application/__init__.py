# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The application: what can be asked of the domain."""
