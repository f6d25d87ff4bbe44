"""One module a code, each with an `EXPLANATION`; read through `apigen.diagnostics.registry`."""
