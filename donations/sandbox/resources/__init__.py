"""Stripe's resources, one module each; every module ends with the table of its endpoints."""
