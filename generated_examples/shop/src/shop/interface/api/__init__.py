# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The API: its versions, and what their routes share."""
