# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Keys of caches, and what drops them.

Empty: nothing is cached, because every read is one statement on a connection that is open
already.
"""
