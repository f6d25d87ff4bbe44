"""Plan: which files a system becomes, where they go, and of which class they are."""
