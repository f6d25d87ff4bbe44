# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The command line of todo: `python -m scripts.cli.commands`."""
