"""State: every column is declared once; it gives an array, a Mesa attribute, unit, range, labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arithmetic import empty_by_mode, packed, unpacked
from sim.problems import InputErrors, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.arithmetic import Groups
    from sim.district import District
    from sim.ledger import Ledger
    from sim.parameters import ParameterValues
    from sim.policies.base import Lever
    from sim.policies.columns import PolicyState
    from sim.rationing import Rationing
    from sim.register import Register
    from sim.tape import Draws


@dataclass
class Column:
    """One state variable of one kind of agent.

    Attributes:
        unit: unit in words; empty for pure numbers.
        zh: Chinese label.
        en: English label.
        low: lowest possible value.
        high: highest possible value.
        dtype: NumPy type of the array.
        per_mode: whether there is one value for each mode that such an agent can run.
        account: the ledger's account that it shows and that alone may change it; empty if it is no balance.
        name: taken from the declaration.
    """

    unit: str
    zh: str
    en: str
    low: float = -np.inf
    high: float = np.inf
    dtype: Any = np.float64
    per_mode: bool = False
    account: str = ""
    name: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, agent: Any, owner: type) -> Any:
        """On an agent: its row of the array in a batch of one. On the class: the declaration."""
        if agent is None:
            return self
        value = getattr(agent.table, self.name)[0, agent.row]
        return value if self.per_mode else value.item()

    def __set__(self, agent: Any, value: Any) -> None:
        """Write the agent's row; a balance is moved through the ledger, against the account `outside`.

        Raises:
            InputErrors: the value is no number, or lies outside the column's range.
        """
        self.check(value)
        if self.account:
            agent.model.engine.now.ledger.adjust(self.account, agent.row, float(value))
        else:
            getattr(agent.table, self.name)[0, agent.row] = value

    def check(self, value: Any) -> None:
        """Refuse what is no number in range; of an agent with several modes of business any of its numbers."""
        numbers = np.asarray(value)
        right = numbers.dtype.kind in "biuf" and bool(np.all(np.isfinite(numbers)))
        if np.issubdtype(self.dtype, np.integer):
            right = right and bool(np.all(numbers == np.rint(numbers)))
        if not right or not np.all((numbers >= self.low) & (numbers <= self.high)):
            zh, en = "应为范围内的数字", "must be a number in range"
            allowed = f"{self.low:g}–{self.high:g} {self.unit}"
            raise InputErrors([Problem(zh, en, field=self.name, value=str(value), allowed=allowed)])


def columns_of(declaration: type) -> dict[str, Column]:
    """All columns a class declares, by name."""
    return {name: item for name, item in vars(declaration).items() if isinstance(item, Column)}


class Table:
    """The arrays of one kind of agent: attribute `name` is `(R, rows)` or `(R, rows, modes)`, lying mode by mode.

    Balances are the ledger's arrays, shown through views; a copy takes its views of the copied ledger's.
    """

    def __init__(self, declaration: type, runs: int, rows: int, modes: int = 0) -> None:
        self.__dict__["columns"] = columns_of(declaration)
        self.__dict__["rows"] = rows
        self.__dict__["balances"] = {}
        for name, column in self.columns.items():
            if not column.account:
                if column.per_mode:
                    self.__dict__[name] = np.zeros_like(empty_by_mode(runs, rows, modes, column.dtype))
                else:
                    self.__dict__[name] = np.zeros((runs, rows), dtype=column.dtype)

    columns: dict[str, Column]
    rows: int
    balances: dict[str, np.ndarray]

    def __getattr__(self, name: str) -> np.ndarray:
        raise AttributeError(f"no column {name!r}")

    def __setattr__(self, name: str, value: np.ndarray) -> None:
        """Replace a column's values, keeping array and type."""
        if name not in self.columns:
            raise AttributeError(f"no column {name!r}")
        self.__dict__[name][...] = value

    def hold(self, name: str, balance: np.ndarray) -> None:
        """Show a ledger balance as a read-only column."""
        self.balances[name] = balance
        view = balance.view()
        view.flags.writeable = False
        self.__dict__[name] = view

    def __getstate__(self) -> dict[str, Any]:
        return packed({name: value for name, value in self.__dict__.items() if name not in self.balances})

    def __setstate__(self, content: Mapping[str, Any]) -> None:
        self.__dict__.update(unpacked(content))
        for name, balance in self.balances.items():
            self.hold(name, balance)


@dataclass
class State:
    """All arrays of R runs."""

    village: Table
    secretary: Table
    candidate: Table
    venture: Table
    resident: Table
    alliance: Table
    enterprise: Table
    cohort: np.ndarray = field(default_factory=lambda: np.zeros(0))
    """Residents off: people per registered head by village, home or away, and age, `(R, V, 2, ages)`."""


@dataclass
class Moment:
    """All that a phase may read: where and when we are, state, ledger, policy, parameters and this period's draws.

    Attributes:
        seats: the ventures that villages hold stakes in: first each village's seat in its cluster's pool, then its
            seat in its town's company.
        is_company: which ventures are town companies, `(S,)` of bool.
        candidate_towns: towns of the reserve pool's candidates.
        is_anchor: which residents are party anchors (党员中心户), `(N,)` of bool.
        ties: the residents each resident knows, `(ties, V, residents)`, or `(ties, N)` for a full register.
        has_settlement: which villages have a settlement (聚居点), `(V,)` of bool; it belongs to the place.
        settlement_tie: the resident whom each would know besides, living in a settlement; shaped as one tie.
        register: which residents are registered where; nobody anywhere with residents off.
        levers: the strategy's levers, those that do nothing included, in the order in which the district acts on them.
        lever_keys: names of the levers that book their cost under their own.
        project_grants_in_total: whether total income counts project grants.
        structure: the form of every contested structure, by name (`sim.structures`).
        rationing: shares out the yearly budget; None where there is none.
        quarter: 0 to 3.
        quarters_since_start: quarters done before this one.
    """

    district: District
    state: State
    ledger: Ledger
    policy: PolicyState
    parameters: ParameterValues
    draws: Draws
    towns: Groups
    clusters: Groups
    seats: Groups
    is_company: np.ndarray
    candidate_towns: Groups
    is_anchor: np.ndarray
    ties: np.ndarray
    has_settlement: np.ndarray
    settlement_tie: np.ndarray
    register: Register
    levers: Sequence[Lever]
    lever_keys: tuple[str, ...]
    project_grants_in_total: bool
    structure: Mapping[str, str]
    runs: int
    year: int
    rationing: Rationing | None = None
    quarter: int = 0
    quarters_since_start: int = 0
