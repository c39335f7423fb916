"""Vouchers as they arrive: a photographed receipt, a plain confirmation."""

import io

from PIL import Image, ImageDraw

from config.demo.world import World
from treasury.actions.vouchers import add_voucher_file
from treasury.kinds import ClaimStatus
from treasury.models import Claim
from vault import files

EVERY, MOST = 9, 6


def vouchers(world: World) -> None:
    """Files for some of the claims; each is cleaned and sealed as a real one would be."""
    claims = Claim.objects.exclude(status=ClaimStatus.REJECTED).select_related("payee").order_by("entered_at")
    for number, claim in enumerate(claims[: EVERY * MOST : EVERY]):
        raw = _receipt(claim, number) if number % 2 == 0 else _confirmation(claim, number)
        at = min(claim.entered_at, world.now)
        add_voucher_file(claim=claim, content=files.clean(raw), by=world.staff["treasurer"], at=at)


def _receipt(claim: Claim, number: int) -> bytes:
    page = Image.new("RGB", (620, 440), "#fbf9f2")
    draw = ImageDraw.Draw(page)
    lines = _lines(claim, number)
    for row, line in enumerate(lines):
        draw.text((40, 40 + 34 * row), line, fill="#222222", font_size=22)
    draw.rectangle((20, 20, 600, 420), outline="#888888", width=2)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=85)
    return out.getvalue()


def _confirmation(claim: Claim, number: int) -> bytes:
    return "\n".join(_lines(claim, number)).encode()


def _lines(claim: Claim, number: int) -> list[str]:
    amount = f"{claim.amount_minor / 100:.2f} {claim.currency}"
    return [
        f"RECEIPT {number + 101}",
        f"{claim.invoiced_on:%d.%m.%Y}",
        "",
        f"Received for: {claim.get_category_display()}",
        f"Amount: {amount}",
        "",
        "(client's name blacked out)",
        "Stamp and signature: invented",
    ]
