"""The page: arrangement, wiring, and what is shown of a session. The only room that knows everybody."""
