"""Copies of the whole system: sealed as a stream, brought back only into an empty place."""
