"""The service's database: inbox, due rows, verdicts, audits, sessions."""
