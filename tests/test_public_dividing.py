"""Categories of the whole: hidden when too much of it lies in places whose own categories cannot be shown."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from governance.indicators import INDICATORS
from governance.public import counting, settings
from governance.public.counting import Counted, Part
from governance.public.dividing import DISPUTE, Divided
from governance.public.rounding import Secret, Tree

AS_OF = datetime(2026, 7, 1)
KEY = "reported_count"


@pytest.mark.parametrize(("elsewhere", "shown"), [(1000, "rounded"), (100, "hidden")])
def test_the_whole_has_no_categories_where_what_is_hidden_weighs(elsewhere: int, shown: str) -> None:
    # In B seven cases, all disputes, are published as 5: no multiple of 10 can be a part of that, so B stays hidden.
    months = counting.last_months(AS_OF)
    tree = Tree(("", "A", "B"), np.array([-1, 0, 0], dtype=np.int64))
    bases, published = np.zeros((2, len(months), 3), dtype=np.int64)
    bases[0], published[0] = (0, elsewhere, 7), (elsewhere + 5, elsewhere, 5)
    rows = [("A", months[0].name, "03", elsewhere), ("B", months[0].name, DISPUTE, 7)]
    counted = Counted(
        as_of=AS_OF,
        places=pd.DataFrame(),
        tree=tree,
        months=months,
        instant=counting.moment_in_hand(AS_OF),
        days=(),
        first_day=date(2020, 1, 1),
        parts={KEY: Part(INDICATORS[KEY], months, bases, None)},
        daily=pd.DataFrame(columns=["period", "indicator", "place_code", "base"]),
        categories=pd.DataFrame(rows, columns=["place_code", "period", "category", "base"]),
        values={},
        loads=(np.zeros(3, dtype=np.int64), np.zeros(3)),
    )
    divided = Divided(counted, {KEY: published}, settings.read(), Secret(bytes(32)))

    found = {(row["place_code"], row["category"]): row for row in divided.category_rows() if row["period"] == "month"}
    assert found["B", DISPUTE]["shown"] == "hidden"
    assert found["A", "03"]["base"] == elsewhere
    assert (found["", "03"]["shown"], found["", "03"]["base"]) == (shown, elsewhere if shown == "rounded" else None)
