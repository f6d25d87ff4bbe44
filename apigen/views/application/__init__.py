"""What the templates of the application layer are given."""
