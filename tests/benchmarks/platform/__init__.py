"""What each feature of the platform costs a request that does not use it; servers compared."""
