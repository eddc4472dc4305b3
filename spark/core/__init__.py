"""Floor 0: quantities, configs, hybrid systems, payloads."""
