"""The running service: accepts deliveries, processes them, and serves probes and pages."""
