# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Messages in several languages.

Empty: messages are in one language, and programs go by their codes.
"""
