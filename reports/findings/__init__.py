"""What auditors ask and found, and what the organisation answers."""
