"""The same resource behind several servers, and how fast each of them answers."""
