"""mypy in a project's own environment, and which spec change a finding comes from."""
