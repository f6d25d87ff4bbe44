# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The aggregates of shared.

Shared declares types that contexts share, and no entity.
"""
