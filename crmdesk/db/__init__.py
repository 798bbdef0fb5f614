"""How we talk to SQLite and PostgreSQL."""
