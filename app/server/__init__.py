"""The server for a term: one command, its processes, who is routed to which, and how they are asked how they are."""
