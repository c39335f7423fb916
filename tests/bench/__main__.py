"""``make bench``: the work that must be fast, each beside a yardstick in the same run.

Nothing here is asserted: times on a shared machine prove nothing. ``python -m tests.bench audit`` runs one.
"""

import os
import subprocess
import sys

PARTS = {
    "audit": ["tests.bench.bench_audit"],
    "vault": ["tests.bench.bench_vault"],
    "verify": ["tests.bench.bench_verify"],
    "payments": ["tests.bench.bench_payments"],
    "matching": ["tests.bench.bench_matching"],
    "reports": ["tests.bench.bench_reports", "tests.bench.bench_ledger"],
    "tracing": ["tests.bench.bench_tracing"],
    "pages": ["tests.bench.bench_pages"],
}
ON_BOTH = {"audit", "vault", "verify", "payments", "tracing", "pages"}


def main(chosen: list[str]) -> int:
    """Run the parts one after another, those with a database on both engines; 1 if one failed."""
    failed = 0
    for name in chosen or list(PARTS):
        for engine in ("sqlite", "postgresql") if name in ON_BOTH else ("sqlite",):
            title = f"{name}, {engine}" if name in ON_BOTH else name
            print(f"\n== {title}", flush=True)
            environment = {**os.environ, "TEST_ENGINE": engine}
            for module in PARTS[name]:
                failed |= subprocess.run(
                    [sys.executable, "-m", module], env=environment, check=False
                ).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
