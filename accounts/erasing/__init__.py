"""Erasing a person: what can be erased, what refuses it, what goes, and how a broken-off one is ended."""
