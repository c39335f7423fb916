"""The room of cases: lists, intake, and the pages of one case."""
