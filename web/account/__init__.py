"""One person's own account: sessions, tokens, second factor."""
