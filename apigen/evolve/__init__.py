"""Today's system against the last run's: ids, renames, what a change does to data and clients."""
