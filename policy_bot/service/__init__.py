"""The running service: takes deliveries in, works them off, answers probes and pages."""
