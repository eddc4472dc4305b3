"""What runs in the page, and its counterpart on the server."""
