"""Brian2 and NEST on the golden cases that they can represent.

Runs in an environment of its own, without Spark: `precision.py --peers` sends cases to its input as JSON, and reads
versions and points from its last line of output. NEST advances Izhikevich's neuron by forward Euler.
"""

import json
import shutil
import sys
import time
from itertools import pairwise

STEPS = (1.0, 0.1, 0.01)
LEAK = "dv/dt = (V_rest - v + R*I(t)) / tau : 1"
MODELS = {
    "LeakySoma": (LEAK, "exact"),
    "StrictRefractoryLeakySoma": (LEAK + " (unless refractory)", "exact"),
    "ExponentialSoma": ("dv/dt = (V_rest - v + D*exp((v - V_T)/D) + R*I(t)) / tau : 1", "euler"),
    "AdaptiveExponentialSoma": (
        "dv/dt = (V_rest - v + D*exp((v - V_T)/D) + R*(I(t) - w)) / tau : 1\ndw/dt = (a*(v - V_rest) - w) / tau_w : 1",
        "euler",
    ),
    "IzhikevichSoma": (
        "dv/dt = (0.04*v**2 + 5*v + 140 - u + R*I(t)) / ms : 1\ndu/dt = a*(b*v - u) / ms : 1",
        "euler",
    ),
}
RESETS = {"AdaptiveExponentialSoma": "v = V_reset; w += b_w", "IzhikevichSoma": "v = V_reset; u += d"}


def brian2_runs(tasks):
    import brian2 as b

    target = "cython" if shutil.which("g++") else "numpy"
    b.prefs.codegen.target = target
    ms, points = b.ms, {}
    for soma, (equations, method) in MODELS.items():
        case = tasks[soma]
        c = case["config"]
        names = {
            "V_rest": c.get("potential_rest"),
            "V_reset": c["potential_reset"],
            "threshold": c["threshold"],
            "R": c["resistance"],
            "tau": c.get("potential_tau", 1.0) * ms,
            "D": c.get("spike_slope"),
            "V_T": c.get("rheobase_threshold"),
            "a": c.get("adaptation_subthreshold", c.get("recovery_timescale")),
            "b": c.get("recovery_sensitivity"),
            "d": c.get("recovery_update"),
            "b_w": c.get("adaptation_delta"),
            "tau_w": c.get("adaptation_tau", 1.0) * ms,
        }
        for dt in STEPS:
            b.start_scope()
            b.defaultclock.dt = dt * ms
            edges = [0.0] * round(case["duration_ms"])
            for part in case["stimulus"]:
                for k in range(round(part["t0"]), round(part["t1"])):
                    edges[k] = part["I"]
            names["I"] = b.TimedArray(edges, dt=1 * ms)
            group = b.NeuronGroup(
                1,
                equations,
                threshold="v > threshold",
                reset=RESETS.get(soma, "v = V_reset"),
                method=method,
                refractory=c.get("cooldown", 0.0) * ms,
                namespace=names,
            )
            group.v = case["initial"]["potential"]
            for name, own in (("w", "adaptation"), ("u", "recovery")):
                if own in case["initial"]:
                    setattr(group, name, case["initial"][own])
            monitor = b.SpikeMonitor(group)
            network = b.Network(group, monitor)
            network.store()
            network.run(dt * ms)  # generates code
            network.restore()
            start = time.process_time()
            network.run(case["duration_ms"] * ms)
            spent = time.process_time() - start
            times = [float(t / ms) for t in monitor.t]
            points.setdefault(soma, []).append(_point("Brian2", dt, method, times, spent, case))
    return f"{b.__version__} ({target})", points


def nest_runs(tasks):
    import nest

    nest.set_verbosity("M_ERROR")
    points = {}
    for soma in MODELS:
        case = tasks[soma]
        c = case["config"]
        values = {"V_m": case["initial"]["potential"], "V_th": c["threshold"]}
        gain = 1.0
        if soma == "IzhikevichSoma":
            model, method, gain = "izhikevich", "euler", c["resistance"]
            values |= {
                "a": c["recovery_timescale"],
                "b": c["recovery_sensitivity"],
                "c": c["potential_reset"],
                "d": c["recovery_update"],
                "U_m": case["initial"]["recovery"],
            }
        elif "spike_slope" in c:
            model, method = "aeif_psc_delta", "adaptive RKF45"
            values |= _leak(c) | {
                "g_L": 1 / c["resistance"],
                "Delta_T": c["spike_slope"],
                "V_th": c["rheobase_threshold"],
                "V_peak": c["threshold"],
                "a": c.get("adaptation_subthreshold", 0.0),
                "b": c.get("adaptation_delta", 0.0),
                "tau_w": c.get("adaptation_tau", 100.0),
                "w": case["initial"].get("adaptation", 0.0),
            }
        else:
            model, method = "iaf_psc_delta", "exact"
            values |= _leak(c) | {"tau_m": c["potential_tau"]}
        for dt in STEPS:
            spent = 0.0
            nest.ResetKernel()
            nest.resolution = dt
            neuron = nest.Create(model, params=values)
            recorder = nest.Create("spike_recorder")
            nest.Connect(neuron, recorder)
            nest.Prepare()
            edges = sorted({0.0, case["duration_ms"]} | {part[k] for part in case["stimulus"] for k in ("t0", "t1")})
            for begin, end in pairwise(edges):
                held = [part["I"] for part in case["stimulus"] if part["t0"] <= begin < part["t1"]]
                neuron.I_e = gain * float(sum(held))
                start = time.process_time()
                nest.Run(end - begin)
                spent += time.process_time() - start
            nest.Cleanup()
            times = [float(t) for t in recorder.events["times"]]
            points.setdefault(soma, []).append(_point("NEST", dt, method, times, spent, case))
    return nest.__version__, points


def _leak(c):
    return {
        "C_m": c["potential_tau"] / c["resistance"],
        "E_L": c["potential_rest"],
        "V_reset": c["potential_reset"],
        "t_ref": c.get("cooldown", 0.0),
    }


def _point(name, dt, method, times, spent, case):
    cost = round(1000 * spent / (case["duration_ms"] / 1000), 4)
    return {"solver": name, "method": method, "dt": dt, "times": times, "ms_per_second": cost}


def main():
    tasks, found = json.load(sys.stdin), {"versions": {}, "points": {}}
    for name, runs in (("Brian2", brian2_runs), ("NEST", nest_runs)):
        try:
            version, points = runs(tasks)
        except ImportError as error:
            print(f"{name} is not importable: {error}", file=sys.stderr)
            continue
        found["versions"][name] = version
        for soma, own in points.items():
            found["points"].setdefault(soma, []).extend(own)
    print("\n" + json.dumps(found))


if __name__ == "__main__":
    main()
