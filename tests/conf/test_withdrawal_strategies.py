"""The strategies of `strategies=withdrawal` differ in paired assistance alone, as the report needs it."""

from __future__ import annotations

import numpy as np

from analysis.answers.withdrawal import withdrawals
from experiments import compare, load_district


def test_pairing_that_ends_against_never() -> None:
    names = ["existing", "existing_without_pairing", "existing_pairing_ends_2028"]
    result = compare(load_district("enyang"), names, seeds=[0, 1], horizon=2031, residents=0)
    (case,) = [case for case in withdrawals(result) if case.lever == "paired_assistance"]
    assert (case.ended, case.never, case.end) == (names[2], names[1], 2028)
    pairing = {name: result.values(name, "cost_paired_assistance") for name in names}
    assert np.all(pairing[names[1]] == 0)
    assert np.all(pairing[names[2]].loc[:, 2029:] == 0) and np.all(pairing[names[2]].loc[:, 2024:2028] > 0)
    assert np.array_equal(pairing[names[2]].loc[:, 2024:2028], pairing[names[0]].loc[:, 2024:2028])
