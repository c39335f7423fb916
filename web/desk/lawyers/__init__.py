"""The room of lawyers: the panel, and what is recorded about each of them."""
