# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of sales beyond creating, changing and deleting.

The specification declares no commands: the payloads of dtos.py go straight to the services of
handlers.py.
"""
