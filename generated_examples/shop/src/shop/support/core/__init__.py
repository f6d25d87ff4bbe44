"""What every layer may lean on: results, errors, identifiers, time, JSON, settings and logs."""
