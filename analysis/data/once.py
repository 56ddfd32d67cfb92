"""An answer is computed once for each study, when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


def once(function: Function) -> Function:
    """Have a function `(results, …)` keep what it returns with the results; what it returns is read, never changed."""
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def answer(results: Any, *details: Any) -> Any:
        key = (name, *details)
        if key not in results.answers:
            results.answers[key] = function(results, *details)
        return results.answers[key]

    return answer  # type: ignore[return-value]
