"""What the templates of a project's frame are given: root files, settings, wiring, commands."""
