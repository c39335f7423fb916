"""Books with four seeded errors, and the people of an audit of them."""

import datetime
import io
from dataclasses import dataclass

from django.utils import timezone
from PIL import Image

from accounts.models import RoleGrant, User
from audit.actions import action
from audit.actors import Machine
from tests import people
from tests.plugins.tampering import tamper
from tests.treasury.world import AT, World, key, raw
from treasury.actions import claims, grants, payments
from treasury.actions.vouchers import add_voucher_file
from treasury.kinds import Category, VoucherKind
from treasury.models import Claim
from vault import files

FROM, TO = datetime.date(2026, 3, 1), datetime.date(2026, 3, 5)
PERIOD = {"starts_on": FROM.isoformat(), "ends_on": TO.isoformat()}
WORDS = b"Invoice for travel to the court"


@dataclass
class Audited:
    """The organisation, and the journals in which the errors are."""

    world: World
    auditor: User
    honest: Claim
    duplicate: int = 0
    late: int = 0
    unapproved: int = 0
    astray: int = 0


def guest(username: str = "damson", days: int = 30) -> User:
    """An auditor whose role ends."""
    user = people.person(username)
    _as_auditor(user=user, days=days, by=people.SETUP, at=people.START)
    return user


@action("role.granted")
def _as_auditor(*, user: User, days: int, by: Machine, at: datetime.datetime) -> None:
    until = timezone.now() + datetime.timedelta(days=days)
    RoleGrant.objects.create(user=user, role="auditor", started_at=at, until=until)


def audited() -> Audited:
    """Gifts, two grants of 50.00 and payments; everything seeded is a thing that happens."""
    world = World.made()
    world.ceiling(fee=50_000, travel=30_000)
    for code in ("north", "south"):
        _grant(world, code)
    honest = claim(world, 9_000, category=Category.TRAVEL)
    for content in (picture(), WORDS):
        add_voucher_file(claim=honest, content=files.clean(content), by=world.treasurer, at=AT)
    pay(world, world.approved(honest))
    made = Audited(world, guest(), honest)
    payee = world.payee()
    pay(world, world.approved(claim(world, 5_000, payee=payee, number="K-77")))
    made.duplicate = pay(world, world.approved(claim(world, 5_000, payee=payee, number="")))
    after = claim(world, 1_500, category=Category.TRAVEL, invoiced_on=datetime.date(2026, 3, 9))
    made.late = pay(world, world.approved(after))
    made.unapproved = pay(world, _approved_by_sql(world))
    made.astray = _double_funded_by_sql(made.honest)
    return made


def claim(world: World, amount_minor: int, **more: object) -> Claim:
    """A claim for the case; the treasurer enters it."""
    given = {
        "payee": more.pop("payee", None) or world.payee(),
        "category": Category.FEE,
        "invoiced_on": AT.date(),
        "number": f"N-{amount_minor}",
        **more,
    }
    return claims.enter_claim(
        voucher_kind=VoucherKind.INVOICE,
        amount_minor=amount_minor,
        case_id=world.case_id,
        by=world.treasurer,
        at=AT,
        **given,
    )


def pay(world: World, approved: Claim) -> int:
    """Pay it; the number of the journal."""
    return payments.pay_claim(claim=approved, on=AT.date(), by=world.treasurer, at=AT).number


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 200), (240, 240, 200)).save(out, "PNG")
    return out.getvalue()


def _grant(world: World, code: str) -> None:
    made = grants.open_grant(
        code=code, name=code.title(), funder=f"{code.title()} Foundation", agreement_ref=code.upper(),
        amount_minor=5_000, starts_on=AT.date(), ends_on=datetime.date(2026, 12, 31),
        lines=[grants.Line("All", 5_000, ("fee",))], instalments=[(AT.date(), 5_000)],
        by=world.treasurer, at=AT,
    )  # fmt: skip
    grants.receive_instalment(
        instalment=made.instalments.get(), amount_minor=5_000, received_on=AT.date(),
        by=world.treasurer, at=AT,
    )  # fmt: skip


def _approved_by_sql(world: World) -> Claim:
    """Somebody with the database in hand spares the second officer."""
    commitment = world.commit(4_000, Category.TRAVEL)
    made = claim(world, 4_000, category=Category.TRAVEL, commitment=commitment)
    raw(
        "update treasury_claim set status = 'approved', approved_by = %s where id = %s",
        world.second.actor_id, key(made.pk),
    )  # fmt: skip
    made.refresh_from_db()
    return made


def _double_funded_by_sql(paid: Claim) -> int:
    """A cost that the general fund paid is said to be a grant's too."""
    paid.refresh_from_db()
    tamper(
        "update treasury_transfer set fund_id = (select id from treasury_fund where code = 'north')"
        " where journal_id = %s and batch_id is not null",
        values=(key(paid.paid_in_id),),
    )
    return int(paid.paid_in.number)
