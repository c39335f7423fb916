"""Signed statements of the log's size and root, which outsiders keep and compare."""
