"""What the templates of a project's tests are given."""
