"""No cost in two funders' reports: the proof of it, and the law."""
