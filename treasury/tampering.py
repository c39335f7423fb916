"""Ways to falsify the books, for the drill that shows each is named."""

from audit import drill


def register() -> None:
    """Hand them to the drill; from ``AppConfig.ready``."""
    drill.register(
        drill.Tampering("the amount of a transfer changed", "records and events", change_transfer),
        drill.Tampering("a transfer deleted", "records and events", delete_transfer),
        drill.Tampering("a balance changed", "money laws", change_balance),
    )


def change_transfer() -> bool:
    return drill.sql(
        "update treasury_transfer set amount_minor = amount_minor + 1"
        " where id = (select min(id) from treasury_transfer)"
    )


def delete_transfer() -> bool:
    # One that nothing else points to.
    return drill.sql(
        "delete from treasury_transfer where id = (select max(t.id) from treasury_transfer t"
        " where t.kind = 'post' and not exists"
        " (select 1 from treasury_transfer u where u.pending_id = t.id))"
    )


def change_balance() -> bool:
    return drill.sql("update treasury_balance set credit_posted = credit_posted + 1")
