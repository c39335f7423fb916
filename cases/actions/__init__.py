"""Every change to a case, one function per thing that happens."""
