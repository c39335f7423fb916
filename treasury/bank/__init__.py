"""The bank: statements read, matched with the books and booked; payment files; reconciliation."""
