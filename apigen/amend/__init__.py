"""Changes of a spec that a person asks for: texts in, texts out, every other byte kept."""
