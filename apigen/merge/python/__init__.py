"""Three-way merge of Python modules by symbol."""
