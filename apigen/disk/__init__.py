"""Disk: compare a rendering with a project, and apply all changes or none."""
