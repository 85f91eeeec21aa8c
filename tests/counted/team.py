"""网格队伍与点位: who is on duty just before the period ends, which organisations there are, which points answer."""

from tests.counted import BASE, HIT, NO

ON_DUTY = [
    (HIT, "since always", {}),
    (HIT, "leaves as the period ends", {"active_to": "2026-07-01"}),
    (NO, "has left the day before", {"active_to": "2026-06-30"}),
    (HIT, "came on the last day", {"active_from": "2026-06-30"}),
    (NO, "comes as the period ends", {"active_from": "2026-07-01"}),
    (HIT, "part time", {"role": "part_time", "fte": 0.5}),
]

LEDGERS = {
    "staff": {
        "staff_count": [*ON_DUTY, (HIT, "a leader carries no load, but is there", {"role": "leader", "fte": 0})],
        "staff_fte": [*ON_DUTY, (HIT, "a leader adds nothing", {"role": "leader", "fte": 0})],
        "households_per_fte": [*ON_DUTY, (NO, "a leader is no strength", {"role": "leader", "fte": 0})],
        "households_per_auxiliary": [
            (HIT, "an auxiliary", {"role": "auxiliary", "fte": 0.1}),
            (HIT, "leaves as the period ends", {"role": "auxiliary", "fte": 0.1, "active_to": "2026-07-01"}),
            (NO, "has left", {"role": "auxiliary", "fte": 0.1, "active_to": "2026-06-30"}),
            (NO, "not yet there", {"role": "auxiliary", "fte": 0.1, "active_from": "2026-07-01"}),
            (NO, "full time", {}),
        ],
    },
    "partners": {
        "partner_count": [
            (HIT, "no date: it is there", {}),
            (HIT, "joined on the last day", {"joined_on": "2026-06-30"}),
            (NO, "joined as the period ends", {"joined_on": "2026-07-01"}),
            (HIT, "joined long ago", {"joined_on": "2020-01-01"}),
            (HIT, "with three members", {"member_count": 3}),
        ],
        "party_count": [
            (HIT, "a branch, always there", {"party_level": 3}),
            (HIT, "a committee founded on the last day", {"party_level": 2, "joined_on": "2026-06-30"}),
            (NO, "founded as the period ends", {"party_level": 3, "joined_on": "2026-07-01"}),
            (NO, "an organisation that is not on the tree", {"partner_type": "企事业单位党组织"}),
        ],
    },
    "facilities": {
        "facility_count": [
            (HIT, "no date: it is there", {}),
            (HIT, "opened on the last day", {"opened_on": "2026-06-30"}),
            (NO, "opens as the period ends", {"opened_on": "2026-07-01"}),
        ],
    },
    "video_points": {
        "video_online_rate": [
            (HIT, "answers", {"checked_at": "2026-06-30 23:00"}),
            (BASE, "does not answer", {"checked_at": "2026-06-30 23:00", "is_online": False}),
            (NO, "only looked at after the period", {"checked_at": "2026-07-01 00:00:00"}),
            (HIT, "answers, nobody knows when", {}),
            (BASE, "does not answer, nobody knows when", {"is_online": False}),
        ],
    },
}
