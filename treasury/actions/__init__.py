"""Every change to money, one function per business event."""
