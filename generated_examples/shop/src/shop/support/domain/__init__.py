"""What every domain model may lean on: entities, value objects, constraints, specifications."""
