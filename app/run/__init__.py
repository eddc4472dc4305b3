"""From a choice to a picture: the latest wins in every stage, off the event loop."""
