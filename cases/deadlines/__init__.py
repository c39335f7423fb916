"""Terms of procedure: dated and cited rules, the calendar they are counted in, and remedies. No queries."""
