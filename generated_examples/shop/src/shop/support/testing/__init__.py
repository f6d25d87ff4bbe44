"""What the tests of a project stand on: cases, databases, a checking client, contracts.

Imported by tests only; the project's wheel leaves it out.
"""
