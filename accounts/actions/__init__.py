"""Changes to who may act."""
