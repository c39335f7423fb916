"""Words for what the log names: acts, things and their fields. A test names what has none."""
