"""What each version of the API knows, and when it ends."""
