"""What is chosen, as plain data: it can be tested, saved, sent and restored by itself. No panel here."""
