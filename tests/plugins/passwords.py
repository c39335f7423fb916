"""The hasher of the tests: the real algorithm with the least work it allows."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2 at about 0.1 ms; the one of production takes tens of milliseconds by design."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
