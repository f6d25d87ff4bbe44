"""What apigen promises, and what shows it."""
