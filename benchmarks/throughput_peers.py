"""Brian2 and NEST for `benchmarks/throughput.py`: the same somas, time step, drive and recording.

Runs in an environment of its own, without Spark: it reads the task from its input as JSON, and writes what it found as
the last line of its output. Brian2 runs forward Euler in float32, with numbers for parameters. NEST has a method of its
own for each soma (exact, adaptive RKF45), in float64. Both keep every spike, and the potential of one neuron.
"""

import gc
import json
import shutil
import sys
import tempfile
import time

REPEATS = 3
EQUATIONS = {
    "LeakySoma": "dv/dt = (V_rest - v + R*I) / tau : 1",
    "AdaptiveExponentialSoma": (
        "dv/dt = (V_rest - v + D*exp((v - V_T)/D) + R*(I - w)) / tau : 1\ndw/dt = (a*(v - V_rest) - w) / tau_w : 1"
    ),
}
RESETS = {"LeakySoma": "v = V_reset", "AdaptiveExponentialSoma": "v = V_reset; w += b_w"}


def brian2_network(b, soma, n, task):
    c, ms = task["somas"][soma], b.ms
    names = {
        "V_rest": c["potential_rest"],
        "V_reset": c["potential_reset"],
        "threshold": c["threshold"],
        "R": c["resistance"],
        "tau": c["potential_tau"] * ms,
        "I": task["current"],
        "D": c.get("spike_slope"),
        "V_T": c.get("rheobase_threshold"),
        "a": c.get("adaptation_subthreshold"),
        "b_w": c.get("adaptation_delta"),
        "tau_w": c.get("adaptation_tau", 1.0) * ms,
    }
    b.defaultclock.dt = task["dt"] * ms
    group = b.NeuronGroup(
        n, EQUATIONS[soma], threshold="v > threshold", reset=RESETS[soma], method="euler", namespace=names
    )
    group.v = c["potential_rest"]
    spikes = b.SpikeMonitor(group)
    return b.Network(group, spikes, b.StateMonitor(group, "v", record=[0])), spikes


def brian2_cython(task):
    import brian2 as b

    if not shutil.which("g++"):
        raise ImportError("no C++ compiler")
    b.prefs.codegen.target = "cython"
    b.prefs.core.default_float_dtype = b.float32
    for soma, n, steps in task["runs"]:
        b.start_scope()
        network, spikes = brian2_network(b, soma, n, task)
        network.store()
        began = time.perf_counter()
        network.run(task["dt"] * b.ms)  # generates code
        compiling = time.perf_counter() - began
        gc.collect()
        gc.freeze()  # generating code leaves so many objects that looking through them doubles the time of a run
        spent = []
        for _ in range(REPEATS):
            network.restore()
            start = time.process_time()
            network.run(steps * task["dt"] * b.ms)
            spent.append(time.process_time() - start)
        yield b.__version__, soma, n, steps, spent, compiling, spikes.num_spikes


def brian2_standalone(task):
    import brian2 as b

    if not (shutil.which("g++") and shutil.which("make")):
        raise ImportError("no C++ compiler, or no make")
    b.prefs.core.default_float_dtype = b.float32
    for soma, n, steps in task["runs"]:
        with tempfile.TemporaryDirectory() as folder:
            b.set_device("cpp_standalone", build_on_run=False)
            b.start_scope()
            network, spikes = brian2_network(b, soma, n, task)
            network.run(steps * task["dt"] * b.ms)
            began = time.perf_counter()
            b.device.build(directory=folder, compile=True, run=False)
            compiling = time.perf_counter() - began
            spent = []
            for _ in range(REPEATS):
                b.device.run(folder, with_output=False)
                spent.append(b.device._last_run_time)  # of the loop alone, by the clock on the wall
            counted = spikes.num_spikes
            b.device.reinit()
        yield b.__version__, soma, n, steps, spent, compiling, counted


def nest(task):
    import nest

    nest.set_verbosity("M_ERROR")
    for soma, n, steps in task["runs"]:
        c, spent = task["somas"][soma], []
        values = {
            "V_m": c["potential_rest"],
            "E_L": c["potential_rest"],
            "V_reset": c["potential_reset"],
            "V_th": c["threshold"],
            "C_m": c["potential_tau"] / c["resistance"],
            "t_ref": 0.0,
            "I_e": task["current"],
        }
        model = "iaf_psc_delta"
        if "spike_slope" in c:
            model = "aeif_psc_delta"
            values |= {
                "g_L": 1 / c["resistance"],
                "Delta_T": c["spike_slope"],
                "V_th": c["rheobase_threshold"],
                "V_peak": c["threshold"],
                "a": c["adaptation_subthreshold"],
                "b": c["adaptation_delta"],
                "tau_w": c["adaptation_tau"],
                "w": 0.0,
            }
        else:
            values["tau_m"] = c["potential_tau"]
        for _ in range(REPEATS):
            nest.ResetKernel()
            nest.resolution = task["dt"]
            neurons = nest.Create(model, n, params=values)
            recorder = nest.Create("spike_recorder")
            nest.Connect(neurons, recorder)
            meter = nest.Create("multimeter", params={"record_from": ["V_m"], "interval": task["dt"]})
            nest.Connect(meter, neurons[0])
            nest.Prepare()
            start = time.process_time()
            nest.Run(round(steps * task["dt"], 6))
            spent.append(time.process_time() - start)
            nest.Cleanup()
        yield nest.__version__, soma, n, steps, spent, None, recorder.n_events


KINDS = {"Brian2 cython": brian2_cython, "Brian2 standalone": brian2_standalone, "NEST": nest}


def main():
    """One kind: what cannot be imported says so, and is no error."""
    task = json.load(sys.stdin)
    found = {"version": None, "rows": [], "missing": None}
    try:
        for version, soma, n, steps, spent, compiling, spikes in KINDS[task["kind"]](task):
            found["version"] = version
            ns = 1e9 * min(spent) / (n * steps)
            row = {"soma": soma, "n": n, "steps": steps, "ns": ns, "compile_s": compiling, "spikes": int(spikes) / n}
            found["rows"].append(row)
            print(f"{task['kind']}: {soma}, {n} neurons, {steps} steps: {ns:.3g} ns", file=sys.stderr, flush=True)
    except ImportError as error:
        found["missing"] = str(error)
    except Exception as error:  # a peer that fails is told, with what it had measured before
        found["missing"] = f"stopped by {type(error).__name__}: {error}"
    print("\n" + json.dumps(found))


if __name__ == "__main__":
    main()
