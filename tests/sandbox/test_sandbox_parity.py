"""The comparison with Stripe: it runs, and it sees what differs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from donations.sandbox import parity
from donations.sandbox.server import Sandbox

RUN = """
import sys
from django.conf import settings
settings.configure()
from donations.management.commands.stripe_parity import Command
Command().run_from_argv(["manage.py", "stripe_parity", *sys.argv[1:]])
"""


def test_sandbox_is_like_itself_and_every_call_did_what_it_is_named_for(sandbox: Sandbox) -> None:
    seen = parity.play_at("sk_test_x", sandbox.base_url)
    assert [each for each in parity.compare(seen, seen) if each.what] == []
    made = [name for name, _call in parity.SCRIPT if name.startswith("make ")]
    assert all("shape" in seen[name] for name in made)
    refused = {name for name, each in seen.items() if "status" in each}
    assert {name for name in seen if name.startswith("unknown")} < refused
    assert seen["session with an old parameter"]["code"] == "parameter_unknown"
    assert seen["another body under the same key"]["type"] == "idempotency_error"
    assert "Gift" not in json.dumps(seen)


def test_differences_are_seen(sandbox: Sandbox) -> None:
    seen = parity.play_at("sk_test_x", sandbox.base_url)
    other: dict[str, Any] = json.loads(json.dumps(seen))
    del other["make session"]["shape"]["url"]
    other["make session"]["shape"]["novelty"] = "str"
    other["make session"]["shape"]["amount_total"] = "str"
    other["unknown charge"]["code"] = "gone"
    del other["balance"]
    found = {each.call: each.what for each in parity.compare(seen, other) if each.what}
    assert found == {
        "make session": [
            "shape.url: only in the sandbox",
            "shape.novelty: only at Stripe",
            "shape.amount_total: int here, str at Stripe",
        ],
        "unknown charge": ["code: resource_missing here, gone at Stripe"],
        "balance": ["not called on both sides"],
    }


def test_command_compares_with_a_recording(sandbox: Sandbox, tmp_path: Path) -> None:
    seen = parity.play_at("sk_test_x", sandbox.base_url)
    seen["balance"] = {"status": 500}
    (tmp_path / "seen.json").write_text(json.dumps(seen))
    arguments = [sys.executable, "-c", RUN, "--against", str(tmp_path / "seen.json")]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr
    assert f"{len(parity.SCRIPT)} calls, 1 differ. Compared with: a recording." in done.stdout
