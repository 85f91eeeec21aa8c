"""Columns that tell who somebody is: recognised by heading or by content, never sampled, never proposed."""

from __future__ import annotations

import re

import duckdb

from governance.drafting.headings import plain
from governance.drafting.traditional import both

HEADINGS = (
    ("电话", r"电话|手机|(联系|联络)方式|(来电|主叫|被叫|联系|联络|呼叫)号码|phone|mobile|telephone"),
    ("证件号", r"身[份分]证|证件号|证件号码|idcard|idnumber|identitycard"),
    (
        "姓名",
        r"姓名|(联系|联络|承办)人|(诉求|陈情|通报|申诉|来电|投诉|举报|反映|上报|报案|当事|申请|信访|留言|发起)人$|(留言|上报|提交|反馈)(用户|者)$|"
        r"经办人|处理人|办理人|受理人|坐席|话务员|网格员$|网格长$|^(first|last|full|sur|user|contact|caller|citizen|reporter)name$",
    ),
    ("地址", r"地址|住址|住处|门牌|address|street(name|number)?$|事发地点|事发位置|详细位置|案发地|发生地点"),
    ("证件号", r"车牌"),
    ("邮箱", r"邮箱|email|e-?mail"),
    ("账号", r"openid|unionid|微信号|external_?userid"),
)
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾"
    "韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严武孔向汤"
)
WRITTEN = both(SURNAMES)
CONTENT = (
    ("电话", r"^(\+?86[- ]?)?1[3-9]\d{9}$|^0\d{2,3}-?\d{7,8}$|^1[3-9]\d\*{4}\d{4}$", 5),
    ("证件号", r"^[1-9]\d{5}(18|19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])\d{3}[\dXx]$", 3),
    ("证件号", r"^[A-Z]{1,2}\d{6}[(（][0-9A][)）]$", 3),
    ("邮箱", r"^[\w.+-]+@[\w-]+\.[\w.]+$", 3),
    ("姓名", rf"^[{WRITTEN}](某{{1,2}}|\*{{1,2}}|先生|女士|[一-鿿]{{1,2}})$", 20),
    ("地址", r"\d(号|栋|幢|单元|室|户|号楼)$|(号楼|栋|幢|单元|室)\S{0,4}\d$", 20),
    ("地址", r"^\d+ [A-Za-z0-9 .]+ (ST|STREET|AVE|AVENUE|RD|ROAD|BLVD|DR|LN|WAY|CT|PL)\b", 20),
    ("证件号", r"^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-Z][·]?[A-HJ-NP-Z0-9]{5,6}$", 3),
)
PLACE = r"[村庄屯区镇乡街路社组园苑城寨沟湾坪店营堡集]$"
SHARE = 0.6
LOOKED_AT = 3000  # words of a column that are looked at


def by_heading(heading: str) -> str | None:
    """What a heading says a column holds of a person."""
    name = plain(heading)
    return next((what for what, pattern in HEADINGS if re.search(pattern, name)), None)


def is_personal(cell: str) -> bool:
    """Whether one cell looks like a person's name, number or address."""
    return any(re.search(pattern, cell.strip()) for _, pattern, _ in CONTENT)


def by_content(con: duckdb.DuckDBPyConnection, words: str, certain: bool = False) -> str | None:
    """What most words (word, n) of a column look like; ID numbers have a valid check digit.

    `certain`: nothing but a citizen's ID number counts, for the heading says that the column is something else.
    """
    tests = ", ".join(
        f"sum(n) filter (regexp_matches(word, '{pattern}')"
        + (f" and not regexp_matches(word, '{PLACE}')" if what == "姓名" else "")
        + f"), count(*) filter (regexp_matches(word, '{pattern}'))"
        for what, pattern, _ in CONTENT
    )
    some = f"(select word, n from {words} order by hash(word) limit {LOOKED_AT})"
    row = con.execute(f"select sum(n), {tests} from {some}").fetchone()
    assert row is not None
    for number, (what, pattern, least) in enumerate(CONTENT):
        share, distinct = (row[2 * number + 1] or 0) / max(1, row[0] or 0), row[2 * number + 2]
        if share >= SHARE and distinct >= least:
            is_number = "18|19|20" in pattern
            if (certain and not is_number) or (is_number and not _is_checked(con, words, pattern)):
                continue
            return what
    return None


def _is_checked(con: duckdb.DuckDBPyConnection, words: str, pattern: str) -> bool:
    """Most of them end in the check digit of a citizen's number."""
    found = [
        row[0]
        for row in con.execute(
            f"select word from {words} where regexp_matches(word, ?) limit 500", [pattern]
        ).fetchall()
    ]
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    right = 0
    for one in found:
        total = sum(int(digit) * weight for digit, weight in zip(one, weights, strict=False))
        right += "10X98765432"[total % 11] == one[-1].upper()
    return right * 2 > len(found)
