"""How long each kind of record is kept, on what basis, and what happens then: a table as data."""
