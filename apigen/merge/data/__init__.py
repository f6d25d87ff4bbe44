"""Merge TOML, YAML and JSON by key, in the owner's text: what nobody changed keeps its bytes."""
