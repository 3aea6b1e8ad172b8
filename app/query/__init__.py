"""The query mechanism: it knows HTTP and SQL, and nothing of diplomacy."""
