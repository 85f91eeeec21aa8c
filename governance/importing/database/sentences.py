"""What goes wrong between us and a server, each in one sentence that holds neither a secret nor a value of a row."""

from __future__ import annotations

from governance.importing.problems import shorten

UNREACHABLE = "连不上：请检查主机、端口、网络和防火墙，以及数据库是否在运行"
REFUSED = "用户名或密码不对：请核对后重试（密码不会显示在这里）"
UNKNOWN = "服务器上没有这个数据库，或账号不能进入：请核对数据库名和授权"
NOT_LET_IN = "服务器不允许这个账号从本机连接：请数据库管理员放行本机地址"
FULL = "连接数已满：请稍后再试，或请数据库管理员调高上限"
UNTRUSTED = "服务器的证书没有通过 ca 的验证，或不支持加密连接：请核对 ca 文件和主机名"
NO_TLS = "这个账号的密码方式需要加密连接：请在服务器上开启 TLS，或把账号改为 mysql_native_password"
NO_TABLE = "用到的表或视图不存在{}：请核对查询"
NO_COLUMN = "用到的列不存在{}：请核对查询"
NO_FUNCTION = "用到的函数或类型不存在{}：请核对查询"
NOT_ALLOWED = "没有读取的权限{}：请数据库管理员给账号授予 SELECT 权限"
SYNTAX = "有语法错误{}：请先在数据库里试运行"
WRITES = "想要写入数据库，已被只读会话拒绝：只能写一条只读的 SELECT"
SLOW = "超过 {} 秒还没有读完，已停止：请给查询加上时间范围或索引，或调大 timeout_seconds"
LOST = "读到一半连接断开：请检查网络和数据库后重试"
REPEATED = "的结果里有同名的列{}：请用 as 起不同的名字"
LARGE = "读出的内容超出内存上限，已停止，快照未改动：请少取一些列，或去掉特别长的内容后重试。"
DISK = "读到一半磁盘已满，快照未改动：请腾出空间后重试。"
OTHER = "执行出错（错误码 {}）：请先在数据库里试运行，再把错误码交给维护人员"


def worded(sentence: str, said: str, password: str) -> str:
    """Put what the server said into the sentence, where that names tables and columns and nothing else."""
    if password:
        said = said.replace(password, "…")
    first = next(iter(said.splitlines()), "")
    return sentence.format(f"（{shorten(first, 120)}）" if first else "")


def whole(place: str, sentence: str) -> str:
    """End a sentence about a database."""
    return f"{place}{sentence}，快照未改动。"
