"""What the templates of migrations are given."""
