"""Declared renames, carried into base and into what the owner wrote, before anything is merged.

The last run's spec is rendered twice, as it was and with nothing but the renames: what differs
between the two says which file, name, member and parameter became which. That is applied to the
base (then it is what apigen would have written), to the owner's versions and to the owner's own
files. Knows nothing of specs; contents in, contents out.
"""
