"""The nine somas."""

import importlib
import pkgutil

from .base import Reference as Reference
from .base import Soma as Soma
from .base import SomaConfig as SomaConfig
from .base import SomaOutput as SomaOutput
from .exponential import AdaptiveExponentialSoma as AdaptiveExponentialSoma
from .exponential import AdaptiveExponentialSomaConfig as AdaptiveExponentialSomaConfig
from .exponential import ExponentialSoma as ExponentialSoma
from .exponential import ExponentialSomaConfig as ExponentialSomaConfig
from .exponential import RefractoryExponentialSoma as RefractoryExponentialSoma
from .exponential import RefractoryExponentialSomaConfig as RefractoryExponentialSomaConfig
from .exponential import SimplifiedAdaptiveExponentialSoma as SimplifiedAdaptiveExponentialSoma
from .exponential import SimplifiedAdaptiveExponentialSomaConfig as SimplifiedAdaptiveExponentialSomaConfig
from .izhikevich import IzhikevichSoma as IzhikevichSoma
from .izhikevich import IzhikevichSomaConfig as IzhikevichSomaConfig
from .leaky import AdaptiveLeakySoma as AdaptiveLeakySoma
from .leaky import AdaptiveLeakySomaConfig as AdaptiveLeakySomaConfig
from .leaky import LeakySoma as LeakySoma
from .leaky import LeakySomaConfig as LeakySomaConfig
from .leaky import RefractoryLeakySoma as RefractoryLeakySoma
from .leaky import RefractoryLeakySomaConfig as RefractoryLeakySomaConfig
from .leaky import StrictRefractoryLeakySoma as StrictRefractoryLeakySoma
from .leaky import StrictRefractoryLeakySomaConfig as StrictRefractoryLeakySomaConfig

__all__ = [
    "AdaptiveExponentialSoma",
    "AdaptiveExponentialSomaConfig",
    "AdaptiveLeakySoma",
    "AdaptiveLeakySomaConfig",
    "ExponentialSoma",
    "ExponentialSomaConfig",
    "IzhikevichSoma",
    "IzhikevichSomaConfig",
    "LeakySoma",
    "LeakySomaConfig",
    "Reference",
    "RefractoryExponentialSoma",
    "RefractoryExponentialSomaConfig",
    "RefractoryLeakySoma",
    "RefractoryLeakySomaConfig",
    "SimplifiedAdaptiveExponentialSoma",
    "SimplifiedAdaptiveExponentialSomaConfig",
    "Soma",
    "SomaConfig",
    "SomaOutput",
    "StrictRefractoryLeakySoma",
    "StrictRefractoryLeakySomaConfig",
    "catalogue",
]


def catalogue() -> dict[str, type[Soma]]:
    """Every concrete soma by class name: leaky, exponential, Izhikevich, then whatever else a file here declares."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    found: dict[str, type[Soma]] = {}

    def visit(kind: type[Soma]) -> None:
        if "system" in vars(kind):
            found[kind.__name__] = kind
        for child in kind.__subclasses__():
            visit(child)

    visit(Soma)
    return found
