"""The log: what was done, and who opened what."""
