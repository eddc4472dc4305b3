"""Measurements that the documentation quotes: each module prints its table and renews its section of `docs/`."""
