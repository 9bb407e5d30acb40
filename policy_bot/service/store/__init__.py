"""The service's database: inbox, work items, verdicts, audits, sessions."""
