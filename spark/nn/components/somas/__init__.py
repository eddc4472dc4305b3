"""The somas, and the catalogue of all that there are."""

import importlib
import pkgutil
from functools import cache

from .base import Soma as Soma
from .base import SomaOutput as SomaOutput
from .declared import Reference as Reference
from .declared import SomaConfig as SomaConfig
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
from .pure import StepOutput as StepOutput
from .refractory_adaptive import RefractoryAdaptiveExponentialSoma as RefractoryAdaptiveExponentialSoma
from .refractory_adaptive import RefractoryAdaptiveExponentialSomaConfig as RefractoryAdaptiveExponentialSomaConfig
from .refractory_adaptive import StrictRefractoryAdaptiveExponentialSoma as StrictRefractoryAdaptiveExponentialSoma
from .refractory_adaptive import (
    StrictRefractoryAdaptiveExponentialSomaConfig as StrictRefractoryAdaptiveExponentialSomaConfig,
)
from .registry import Registry

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
    "RefractoryAdaptiveExponentialSoma",
    "RefractoryAdaptiveExponentialSomaConfig",
    "RefractoryExponentialSoma",
    "RefractoryExponentialSomaConfig",
    "RefractoryLeakySoma",
    "RefractoryLeakySomaConfig",
    "SimplifiedAdaptiveExponentialSoma",
    "SimplifiedAdaptiveExponentialSomaConfig",
    "Soma",
    "SomaConfig",
    "SomaOutput",
    "StepOutput",
    "StrictRefractoryAdaptiveExponentialSoma",
    "StrictRefractoryAdaptiveExponentialSomaConfig",
    "StrictRefractoryLeakySoma",
    "StrictRefractoryLeakySomaConfig",
    "catalogue",
    "left_out",
    "register",
    "unregister",
]


def catalogue() -> dict[str, type[Soma]]:
    """Every soma by class name: those of this package, file by file, then those that joined from others."""
    return _own() | _registry.joined()


@cache
def _own() -> dict[str, type[Soma]]:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    found: dict[str, type[Soma]] = {}

    def visit(kind: type[Soma], file: str) -> None:
        """The class and what its own file derives from it; what another file does comes after all that."""
        if kind.__module__ != file:
            later.append(kind)
            return
        if kind.__module__.startswith(f"{__name__}.") and "system" in vars(kind):
            found[kind.__name__] = kind
        for child in kind.__subclasses__():
            visit(child, file)

    later = Soma.__subclasses__()
    while later:
        kind = later.pop(0)
        visit(kind, kind.__module__)
    return found


_registry = Registry(_own)
register, unregister, left_out = _registry.register, _registry.unregister, _registry.left_out
