"""The rooms of staff."""
