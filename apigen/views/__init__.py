"""What templates are given, every choice made: a package a layer of the generated project."""
