"""What apigen makes, asked as its owner would ask: does it lint, import, migrate, serve, pass."""
