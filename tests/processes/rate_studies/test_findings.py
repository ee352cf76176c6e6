import numpy as np
import pytest

from fisc.processes.rate_studies import counting, findings

LARGE = 2**62


class TestUsers:
    @pytest.mark.parametrize("unit", [1, LARGE // 20])
    def test_orders_by_usage_and_equal_ones_as_they_came(self, unit: int) -> None:
        random = np.random.default_rng(20261125)
        used = random.integers(0, 7, 100)
        accounts = counting.OfAccounts(
            bills=np.ones(100, dtype=np.int64),
            before_cents=np.arange(100) + 1,
            difference_cents=np.arange(100) % 9,
            usage_milli=used * unit,
            is_asked=np.ones(100, dtype=np.bool_),
        )

        tenths = findings.users(accounts)

        order = sorted(range(100), key=lambda each: (used[each], each))
        for place, tenth in enumerate(tenths):
            chosen = order[10 * place : 10 * place + 10]
            assert tenth["accounts"] == 10
            assert tenth["usage_milli_from"] == used[chosen[0]] * unit
            assert tenth["usage_milli_to"] == used[chosen[-1]] * unit
            billed, changed = sum(each + 1 for each in chosen), sum(each % 9 for each in chosen)
            # Half a cent goes up; nothing here is below nothing.
            assert tenth["bill_before_cents"] == (2 * billed + 10) // 20
            assert tenth["bill_after_cents"] == (2 * (billed + changed) + 10) // 20
