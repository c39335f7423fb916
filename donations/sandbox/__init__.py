"""A local stand-in for Stripe: its own process that speaks Stripe's HTTP API on 127.0.0.1.

It needs neither Django nor the database; the app reaches it only through `donations/stripe_gateway.py`,
by the same SDK calls that reach Stripe. What it does not model is written in `docs/sandbox.md`.
"""
