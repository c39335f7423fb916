"""The room of match runs: proposals, their reasons, and what people decide."""
