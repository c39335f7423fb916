"""Funds, grants, claims, payees, the books."""
