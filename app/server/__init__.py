"""The server: one command, its processes, who is routed to which, who is let in, what may be sent, and how it fares."""
