"""Infrastructure: how the layers above it talk to a database, and nothing about one domain."""
