"""Diagnostics: what is wrong, where, and what to do."""

from apigen.diagnostics.diagnostic import Diagnostic, Edit, Fix, Label, Outcome, Severity, Span

__all__ = ["Diagnostic", "Edit", "Fix", "Label", "Outcome", "Severity", "Span"]
