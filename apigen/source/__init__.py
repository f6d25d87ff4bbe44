"""YAML in: text to nodes with spans, and edits of that text."""
