"""What the templates of the interface layer are given."""
