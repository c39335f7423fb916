"""Making an uploaded file harmless: type by content, metadata out, scripts out, bombs refused.

Runs in a process of its own with little memory, little time, no keys and no database, because files are sent
by people who may wish us ill. Nothing here knows Django.
"""
