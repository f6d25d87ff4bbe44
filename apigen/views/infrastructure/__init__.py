"""What the templates of the infrastructure layer are given."""
