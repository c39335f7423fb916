"""What people outside write to us: requests for help, feedback on a case."""
