"""Django's deployment checks and our own, on the settings of production with invented values."""

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Nothing of the caller's surroundings but what a process needs to start.
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


def production(data: Path) -> dict[str, str]:
    """Return the smallest environment in which a real installation starts, its data in ``data``."""
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "fund.example",
        "SITE_URL": "https://fund.example",
        "DATA_DIR": str(data),
        "STRIPE_API_KEY": f"rk_live_{secrets.token_hex(12)}",
        "STRIPE_WEBHOOK_SECRETS": f"whsec_{secrets.token_hex(12)}",
    }


def run_checks(
    changes: dict[str, str] | None = None, only: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run the checks (or those of some tags) with some variables changed; a warning counts as a failure."""
    with tempfile.TemporaryDirectory(prefix="abarona-deployment-") as folder:
        databases = ["--database", "default", "--database", "keys"]
        tags = [part for tag in only for part in ("--tag", tag)]
        return subprocess.run(
            [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING", *databases, *tags],
            check=False,
            env=production(Path(folder)) | (changes or {}),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
        )


def main() -> int:
    """Show what the checks say about production."""
    done = run_checks()
    print(f"Deployment settings: {(done.stdout + done.stderr).strip()}", flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
