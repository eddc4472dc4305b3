"""A soma that was exported to JavaScript runs in a browser's page as it does in Deno."""

import numpy as np
from playwright.sync_api import Browser

from benchmarks.javascript_cases import cases, module
from benchmarks.javascript_engine import Engine
from spark.nn.somas import AdaptiveExponentialSoma

CODE = "return module.run(given.p, given.stimulus, given.dt, given.steps)"
PAGE = """
async ({source, given}) => {
  const module = await import(URL.createObjectURL(new Blob([source], {type: "text/javascript"})))
  const {spikes, traces, state} = module.run(given.p, given.stimulus, given.dt, given.steps)
  return {spikes, potential: [...traces.potential], state}
}
"""


def test_a_module_runs_in_a_page(browser: Browser) -> None:
    case = cases(AdaptiveExponentialSoma, longest=300.0)[0]
    source = module(AdaptiveExponentialSoma, case.soma.config.solver)
    given = {"p": case.p, "stimulus": case.stimulus.to_dict(), "dt": case.dt, "steps": case.steps}
    with Engine() as engine:
        expected = engine(source, CODE, **given)
    page = browser.new_page()
    found = page.evaluate(PAGE, {"source": source, "given": given})
    page.close()
    assert len(found["spikes"]) == len(expected["spikes"]) > 2
    # Bit for bit where both have the same V8; its exp and log may differ between versions in the last digit.
    np.testing.assert_allclose(found["spikes"], expected["spikes"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found["potential"], expected["traces"]["potential"], rtol=0, atol=1e-9)
    assert found["state"].keys() == expected["state"].keys()
