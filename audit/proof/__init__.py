"""Proving that what is stored is what happened."""
