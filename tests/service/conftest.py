from tests.service.fixtures import no_environment, sqlite, store, time

__all__ = ["no_environment", "sqlite", "store", "time"]
