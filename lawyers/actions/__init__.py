"""Changes to the panel."""
