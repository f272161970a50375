"""The engine of guided questions (情形导引): pure Python, no web, no dialogue, no database.

A theme is data (`theme`), a city's parameters are data (`locality`); together they compile into
truth tables (`compiler`), over which a session of answers is evaluated exactly (`situation`).
"""
