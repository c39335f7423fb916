"""The sandbox's own plain HTML: one frame, one small style, everything escaped."""

from html import escape

from donations.sandbox.instruments import Instrument

STYLE = """
body{margin:0;background:#f4f4f1;color:#1c1c1a;font:1rem/1.5 system-ui,sans-serif}
main{max-width:44rem;margin:0 auto;padding:1rem}
.bar{background:#5b2a86;color:#fff;padding:.5rem 1rem}
.box{background:#fff;border:1px solid #bbb;border-radius:.4rem;padding:1rem;margin:1rem 0}
.error{border:2px solid #a40000;color:#a40000}
fieldset{border:0;padding:0;margin:0 0 1rem}
label{display:block;padding:.4rem 0}
button{font:inherit;padding:.5rem 1.2rem;min-height:44px}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;border-bottom:1px solid #ddd;padding:.3rem;vertical-align:top;overflow-wrap:anywhere}
a{color:#1d4f91}
.lever{display:inline-block;margin:.15rem .3rem .15rem 0}
"""


def frame(title: str, inner: str) -> str:
    """A whole page; `inner` is HTML that is already safe."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<style>{STYLE}</style></head><body>"
        '<p class="bar">Payment sandbox. Nothing here is real money.</p>'
        f"<main><h1>{escape(title)}</h1>{inner}</main></body></html>"
    )


def hidden(**values: str) -> str:
    """Hidden form fields."""
    return "".join(f'<input type="hidden" name="{escape(n)}" value="{escape(v)}">' for n, v in values.items())


def link(address: str, words: str) -> str:
    """A link; the addresses of a session were checked to be http or https when it was made."""
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def money(minor: int, currency: str) -> str:
    """Amount with its currency; every currency the sandbox models has two decimals."""
    return f"{minor // 100:,}.{minor % 100:02d} {currency.upper()}"


def choices(offered: list[Instrument]) -> str:
    """Radio buttons for means of payment, the one that works chosen."""

    def radio(each: Instrument) -> str:
        checked = " checked" if each.name == "ok" else ""
        button = f'<input type="radio" name="card" value="{each.name}"{checked} required>'
        return f"<label>{button} {escape(each.label)}</label>"

    return "".join(radio(each) for each in offered)
