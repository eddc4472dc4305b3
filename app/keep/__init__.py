"""What outlasts the moment: the state of a session as a link, and its history."""
