"""Tables in which a rate that rests on too few cases gives no number."""

from collections.abc import Mapping

import pandas as pd

from governance.indicators import INDICATORS

WORDS = "样本不足的不给比率（—），件数照列"


def judged(frame: pd.DataFrame, bases: Mapping[str, str], like: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The frame without the rates whose n lies below the minimum of their indicator.

    bases: rate column → n column; like: rate column → indicator whose minimum holds, where the column is none itself.
    """
    kept = {
        rate: frame[rate].where(frame[n] >= INDICATORS[(like or {}).get(rate, rate)].minimum)
        for rate, n in bases.items()
    }
    return frame.assign(**kept)
