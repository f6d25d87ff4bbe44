"""What every entity and every resource must do: test classes that a project's tests subclass.

A class of the project names its case and the contracts that apply to it; a contract it does not
name is not promised.
"""
