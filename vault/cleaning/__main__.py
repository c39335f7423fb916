"""The process that cleans one file: content comes in, cleaned content or a reason goes out.

``python -m vault.cleaning MOST_BYTES`` answers with the type or the reason on the first line. Exit status 0
with the cleaned file after it, 3 when it is refused.
"""

import resource
import sys

SECONDS, MEMORY = 30, 1_500_000_000
REFUSED = 3


def main(most_bytes: int) -> int:
    """Read, clean, write. The limits are set before a byte of the file is looked at."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    from vault.cleaning.clean import clean
    from vault.cleaning.kinds import Refused

    try:
        kind, content = clean(sys.stdin.buffer.read(most_bytes + 1), most_bytes)
    except Refused as refused:
        sys.stdout.write(f"{refused.reason}\n")
        return REFUSED
    sys.stdout.buffer.write(f"{kind}\n".encode() + content)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
