"""When levers act: phases of the calendar (`sim.calendar`)."""

from __future__ import annotations

from sim.state import Moment


def open_books(now: Moment) -> None:
    """Last year's books are closed, and no lever has said anything yet."""
    if now.rationing is not None:
        now.rationing.close_year(now)
    now.ledger.open_year()
    now.policy.reset()


def act(now: Moment) -> None:
    """The district shares out its budget, if it has one, and acts on its levers: says what is to be done, and pays."""
    if now.rationing is not None:
        now.rationing.share_out(now)
    for lever in now.levers:
        lever.act(now)


def pay_by_quarter(now: Moment) -> None:
    """What levers spread over the year: sponsors buy, the public pays its part of managers and pay by performance."""
    for lever in now.levers:
        lever.each_quarter(now)
