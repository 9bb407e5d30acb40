"""Where the service keeps what it must not forget: inbox, due rows, verdicts."""
