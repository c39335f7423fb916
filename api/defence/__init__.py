"""People defended: cases, court, counsel, the office."""
