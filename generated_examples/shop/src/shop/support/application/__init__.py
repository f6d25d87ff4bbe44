"""What every application layer may lean on: DTOs, mappers, services, queries."""
