"""Mail: sealed at rest, content-free, handed to the organisation's relay at most once.

Rooms add letters (:mod:`accounts.outbox.letters`) and say who knows an address
(:mod:`accounts.outbox.recipients`); actions post (:mod:`accounts.outbox.posting`) inside their own
transaction; the worker and the tick send (:mod:`accounts.outbox.sending`).
"""
