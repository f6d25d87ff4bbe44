"""Vendored by apigen: subclass what is here rather than edit it; regenerating replaces it.

The code that every generated project stands on, in the same layers as the project itself. Modules
are copied one by one, only those a project needs.
"""
