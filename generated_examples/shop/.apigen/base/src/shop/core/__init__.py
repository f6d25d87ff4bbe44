# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What every layer of this project may use: settings, errors, ports."""
