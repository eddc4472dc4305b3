"""Functions in the words of Pallas's Triton route, for the one operation of a step that it lacks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax
from jax.extend.core import ClosedJaxpr, Literal, primitives


def supported(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, with `jnp.any` over units taken as the largest of integers.

    Solvers ask in every step whether any unit is still to be advanced, and whether any has fired; Triton's route in
    jax 0.10.2 reduces numbers but no truth values. Branches and loops are written anew with the change inside them;
    functions that were called are opened, as constants of theirs are refused as well.
    """

    def changed(*given: Any) -> Any:
        traced, shape = jax.make_jaxpr(function, return_shape=True)(*given)
        return jax.tree.unflatten(jax.tree.structure(shape), _run(traced, *jax.tree.leaves(given)))

    return changed


def _run(traced: ClosedJaxpr, *given: Any) -> list[Any]:
    jaxpr = traced.jaxpr
    known = dict(zip([*jaxpr.constvars, *jaxpr.invars], [*traced.consts, *given], strict=True))

    def read(atom: Any) -> Any:
        return atom.val if isinstance(atom, Literal) else known[atom]

    for equation in jaxpr.eqns:
        rule = RULES.get(equation.primitive, equation.primitive.bind)
        found = rule(*map(read, equation.invars), **equation.params)
        known |= zip(equation.outvars, found if equation.primitive.multiple_results else [found], strict=True)
    return [read(atom) for atom in jaxpr.outvars]


def _any(mask: Any, *, axes: tuple[int, ...], **_: Any) -> Any:
    return jnp.max(mask.astype(jnp.int32), axis=axes) > 0


def _while(*given: Any, cond_nconsts: int, cond_jaxpr: Any, body_nconsts: int, body_jaxpr: Any) -> Any:
    for_cond, for_body = given[:cond_nconsts], given[cond_nconsts : cond_nconsts + body_nconsts]
    return lax.while_loop(
        lambda carried: _run(cond_jaxpr, *for_cond, *carried)[0],
        lambda carried: _run(body_jaxpr, *for_body, *carried),
        list(given[cond_nconsts + body_nconsts :]),
    )


def _cond(index: Any, *given: Any, branches: Any, **_: Any) -> Any:
    return lax.switch(index, [partial(_run, branch) for branch in branches], *given)


RULES: dict[Any, Callable[..., Any]] = {
    primitives.reduce_or_p: _any,
    primitives.while_p: _while,
    primitives.cond_p: _cond,
    primitives.jit_p: lambda *given, jaxpr, **_: _run(jaxpr, *given),
    primitives.custom_jvp_call_p: lambda *given, call_jaxpr, **_: _run(call_jaxpr, *given),
}
"""Primitives that are not taken as they are."""
