"""The committed examples are what apigen makes today."""
