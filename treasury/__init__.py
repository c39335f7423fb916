"""Where money is: books, funds and grants, commitments, claims and payments."""
