"""One file that holds all an auditor takes home, and the check of such a file."""
