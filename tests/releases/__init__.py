"""Projects that releases of apigen made, and what becomes of them today."""
