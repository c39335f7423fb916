"""Staff, their roles, and what waits for a second person."""
