"""SymPy expressions as Brian2 reads them."""

from __future__ import annotations

from typing import Any

from .expressions import symbolic

FUNCTIONS = {
    "Abs": "abs",
    "ceiling": "ceil",
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    **{name: name for name in ("exp", "expm1", "log", "log1p", "sign", "floor")},
    **{name: name for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
}
"""What SymPy calls a function, and what Brian2 does."""


def text(expression: Any) -> str:
    """An expression in Brian2's language, every number with all its digits.

    Raises:
        ValueError: it uses a function that Brian2 has not.
    """
    return str(_printer().doprint(expression))


def _printer() -> Any:
    sympy = symbolic()
    from sympy.printing.precedence import PRECEDENCE
    from sympy.printing.str import StrPrinter

    class Printer(StrPrinter):
        """Brian2 has no maximum, minimum or conditional, but `clip` and `int(condition)`."""

        def _print_Float(self, expr: Any) -> str:
            return repr(float(expr))

        def _print_Max(self, expr: Any) -> str:
            return self._clip(expr.args, "{0}, {1}, inf")

        def _print_Min(self, expr: Any) -> str:
            numbers = [x for x in expr.args if x.is_number]
            bounded = [x for x in expr.args if isinstance(x, sympy.Max) and len(x.args) == 2 and x.args[0].is_number]
            if len(expr.args) == 2 and numbers and bounded:
                low, inner = bounded[0].args
                return f"clip({self.doprint(inner)}, {self.doprint(low)}, {self.doprint(numbers[0])})"
            return self._clip(expr.args, "{0}, -inf, {1}")

        def _clip(self, args: Any, form: str) -> str:
            *others, last = sorted(args, key=lambda x: (x.is_number, sympy.default_sort_key(x)))
            inner = self.doprint(others[0]) if len(others) == 1 else self._clip(others, form)
            return f"clip({form.format(inner, self.doprint(last))})"

        def _print_Piecewise(self, expr: Any) -> str:
            (value, condition), *others = expr.args
            if condition == sympy.true:
                return self.doprint(value)
            rest = sympy.Piecewise(*others) if others else sympy.Integer(0)
            terms = [(value, f"int({self.doprint(condition)})"), (rest, f"int(not ({self.doprint(condition)}))")]
            told = [
                name if x == 1 else f"{name}*{self.parenthesize(x, PRECEDENCE['Pow'])}" for x, name in terms if x != 0
            ]
            return f"({' + '.join(told)})" if told else "0"

        def _print_And(self, expr: Any) -> str:
            return " and ".join(f"({self.doprint(x)})" for x in expr.args)

        def _print_Or(self, expr: Any) -> str:
            return " or ".join(f"({self.doprint(x)})" for x in expr.args)

        def _print_Not(self, expr: Any) -> str:
            return f"not ({self.doprint(expr.args[0])})"

        def _print_Relational(self, expr: Any) -> str:
            return f"{self.doprint(expr.lhs)} {expr.rel_op} {self.doprint(expr.rhs)}"

        def _print_Function(self, expr: Any) -> str:
            name = type(expr).__name__
            if name not in FUNCTIONS:
                raise ValueError(f"Brian2 has no function {name!r}, which the soma's equations use.")
            return f"{FUNCTIONS[name]}({', '.join(self.doprint(x) for x in expr.args)})"

        _print_Abs = _print_ExpBase = _print_log = _print_sign = _print_floor = _print_ceiling = _print_Function
        _print_BooleanTrue = _print_BooleanFalse = lambda self, expr: str(bool(expr))

    return Printer()
