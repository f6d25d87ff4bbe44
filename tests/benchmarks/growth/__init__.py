"""What a generated service costs as it grows: rows, entities, concurrency, workers."""
