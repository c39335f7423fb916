"""Money: funds, costs, claims, the books."""
