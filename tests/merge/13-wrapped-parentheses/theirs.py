def active(query: Query) -> Query:
    """Leave out what is deleted."""
    return query.where(Task.deleted_at.is_(None) & Task.owner_id.is_not(None))


LIMIT = 50
STEP = 10
