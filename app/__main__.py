"""`python -m app` starts the explorer; `python -m app --help` lists what it takes."""

import sys

from .server.command import main

if __name__ == "__main__":
    sys.exit(main())
