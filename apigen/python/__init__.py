"""The target language: how Python spells a name, a type, an import or a value."""
