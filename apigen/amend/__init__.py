"""Edits of a spec that a command asks for; every comment elsewhere stays, byte for byte."""
