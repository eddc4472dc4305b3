"""The server: one command, its processes, who is routed to which; who is let in, what they may send, and how all that is."""
