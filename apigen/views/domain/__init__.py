"""What the templates of the domain layer are given."""
