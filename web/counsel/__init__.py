"""The room of lawyers abroad: their own offers and cases, and nobody else's."""
