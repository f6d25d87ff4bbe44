# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The command line of shop: `python -m scripts.cli.commands`."""
