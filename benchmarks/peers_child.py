"""Runs exported scripts one after the other in a process of its own, and tells what they print.

Reads a JSON list of scripts from stdin; writes, for each, a line of JSON: the spike times by neuron (ms), or the error.
"""

import contextlib
import io
import json
import sys
import time
import warnings


def main():
    warnings.simplefilter("ignore")
    for script in json.load(sys.stdin):
        printed, begun = io.StringIO(), time.perf_counter()
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(script, "exported.py", "exec"), {"__name__": "__main__"})
            lines = [line for line in printed.getvalue().splitlines() if line.startswith("neuron ")]
            found = {"times": [[float(word) for word in line.split(":")[1].split()] for line in lines]}
        except Exception as error:
            found = {"error": f"{type(error).__name__}: {error} {error.__cause__ or ''}"}
        print(json.dumps(found | {"seconds": round(time.perf_counter() - begun, 1)}), flush=True)


if __name__ == "__main__":
    main()
