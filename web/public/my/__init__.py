"""The donors' room: signing in by a code, gifts, monthly gifts, papers, a copy, erasing oneself."""
