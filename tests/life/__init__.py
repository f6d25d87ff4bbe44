"""Projects that live: edited on both sides for a long time, with rows in their database."""
