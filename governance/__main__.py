"""The command line: python -m governance demo | draft | import | snapshots | verify | rollback | backup | …."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from pathlib import Path

from governance import access, output, snapshots
from governance.arguments import Parser

OK, REFUSED = 0, 1

EXAMPLES = """示例：
  python -m governance demo
  python -m governance import governance/mappings/hotline.toml 2026年6月工单.xlsx --as-of 2026-07-01
  python -m governance answer indicator_totals --start 2026-01-01 --stop 2026-07-01 --format json
"""


class CommandError(Exception):
    """Why a command cannot be carried out, in one Chinese sentence."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused with one sentence, 2 wrong usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _parser("answer" in words).parse_args(words)
        if "data" in options:
            os.environ["GOVERNANCE_DATA"] = str(options.data.absolute())
        return int(options.run(options))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        print("已中断，数据未改动。", file=sys.stderr)
        return 130
    except Exception as error:
        # An error class of our own carries a sentence for the reader; anything else is a bug and shows its trace.
        if type(error).__module__.split(".")[0] not in ("governance", "__main__"):
            raise
        print(" ".join(str(error).split()), file=sys.stderr)
        return REFUSED


def _parser(with_answer: bool) -> Parser:
    parser = Parser(prog="python -m governance", description="社会治理一张图的命令行", epilog=EXAMPLES)
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True, parser_class=Parser)

    def command(name: str, run: Callable[[argparse.Namespace], int], about: str, example: str = "") -> Parser:
        epilog = f"示例：\n  python -m governance {example}" if example else None
        made: Parser = commands.add_parser(name, help=about, description=about, epilog=epilog)
        made.set_defaults(run=run)
        return made

    command("demo", _demo, "生成演示县的导出文件并导入，得到演示快照")

    about = "按映射文件导入各平台的导出文件，发布新快照"
    bring = command("import", _import, about, "import 映射.toml 工单.csv --dry-run")
    bring.add_argument("mapping", type=Path, metavar="映射", help="映射文件（TOML）")
    bring.add_argument(
        "files", type=Path, nargs="*", metavar="文件", help="导出文件（csv、xlsx、geojson）；数据来自数据库时不写"
    )
    bring.add_argument("--as-of", type=_moment, metavar="时间", help="数据截至，如 2026-07-01；默认取数据中最晚的时间")
    bring.add_argument("--accept", action="store_true", help="已核对报告中存疑之处（行数骤减、编号改变等），照样发布")
    bring.add_argument("--full", action="store_true", help="数据库：读取全部，而不只是上次导入后改过的行")
    bring.add_argument("--dry-run", action="store_true", help="只检查并报告，不写入任何东西")

    look = command("draft", _draft, "查看导出文件，起草映射文件；看不准的列成问题", "draft 工单.csv --to 我的映射.toml")
    look.add_argument("files", type=Path, nargs="+", metavar="文件", help="导出文件，可以是同一种导出的几份")
    look.add_argument("--table", metavar="表", default="cases", help="起草哪一张标准表，默认 cases（案件）")
    look.add_argument("--earlier", type=Path, metavar="映射", help="以前用的映射文件：沿用其中仍然成立的部分")
    look.add_argument("--answer", action="append", default=[], metavar="键=答案", help="回答一个问题，可多次给出")
    look.add_argument("--to", type=Path, metavar="映射", help="写到这个新文件（TOML），已存在则拒绝；默认只显示")

    known = command("snapshots", _snapshots, "列出全部快照", "snapshots --log")
    known.add_argument("--log", action="store_true", help="列出发布、退回、删除、恢复的记录")

    check = command("verify", _verify, "重新计算校验和，检查快照是否完好", "verify 20260701T000000-1a2b3c4d")
    check.add_argument("id", nargs="?", metavar="编号", help="快照编号；默认检查全部快照")

    back = command("rollback", _rollback, "退回到之前的快照", "rollback")
    back.add_argument("id", nargs="?", metavar="编号", help="快照编号；默认为当前快照的前一份")

    keep = command("backup", _backup, "把快照、密钥、设置增量备份到另一个文件夹，并校验", "backup 备份盘/治理")
    keep.add_argument("folder", type=Path, metavar="目录", help="备份目录：空文件夹，或以前的备份目录")

    about = "从备份恢复数据目录；有更新的数据时拒绝"
    again = command("restore", _restore, about, "restore 备份盘/治理")
    again.add_argument("folder", type=Path, metavar="目录", help="备份目录")
    again.add_argument("--number", type=int, metavar="次", help="恢复到第几次备份；默认最近一次")
    again.add_argument("--overwrite", action="store_true", help="数据目录里有更新的快照或不同的设置时也恢复")

    command("public", _public, "生成大屏用的公开数据包，并说明公开了多少、隐藏了多少")

    ask = command("answer", _answer, "回答一个查询，结果与页面上的完全相同", "answer cases_by_month --category 01 02")
    if with_answer:
        _add_answer_options(ask)
    return parser


def _add_answer_options(ask: Parser) -> None:
    """Offer every field of the shared filter and every further parameter of a query, under its own name."""
    from governance import filters, queries

    ask.add_argument("query", metavar="查询", help="查询名：" + "、".join(queries.NAMES))
    for field in fields(filters.Filter):
        about = FIELD_HELP.get(field.name, "筛选条件")
        if "tuple" in str(field.type):
            ask.add_argument(_flag(field.name), nargs="+", action="extend", metavar="代码", help=f"{about}，可多个")
        else:
            ask.add_argument(_flag(field.name), metavar="值", help=about)
    for name, default in queries.EXTRAS.items():
        ask.add_argument(_flag(name), metavar="值", help=f"{FIELD_HELP.get(name, '查询参数')}，默认 {default}")
    ask.add_argument("--earlier", metavar="值", help=FIELD_HELP["earlier"])
    ask.add_argument("--format", choices=output.FORMATS, default="table", help="输出格式：csv、json 或 table（默认）")


FIELD_HELP = {
    "start": "统计期开始日期（含）",
    "stop": "统计期结束日期（不含）",
    "region": "区划代码或网格编码",
    "category": "类别",
    "channel": "渠道",
    "origin": "来源方式",
    "urgency": "缓急",
    "as_of": "数据截至（日期、时间或快照编号），默认用当前快照",
    "level": "层级",
    "indicator": "指标",
    "part": "案件清单取哪一部分：base 分母、hit 分子、miss 其余",
    "change": "两个版本之间的哪一种变化",
    "step": "逐期的长短：whole 整个统计期、month 月、week 周",
    "earlier": "与哪一个较早的版本相比（日期、时间或快照编号）",
    "limit": "最多行数",
    "round": "打分卡轮次，空为最近一轮",
}


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期或时间，应形如 2026-07-01 或 2026-07-01T00:00:00") from None


def _demo(options: argparse.Namespace) -> int:
    from governance import demo

    demo.build()
    snapshot = snapshots.latest()
    print(f"演示快照已就绪：{snapshot.id}，数据截至 {snapshot.as_of:%Y-%m-%d %H:%M}。")
    return OK


def _import(options: argparse.Namespace) -> int:
    from governance import importing

    for path in (options.mapping, *options.files):
        if not path.exists():
            raise CommandError(f"找不到文件 {path}：请检查路径。")
    report = importing.import_files(
        options.mapping, options.files, options.as_of, options.dry_run, accept=options.accept, full=options.full
    )
    print(report.text())
    return OK


def _draft(options: argparse.Namespace) -> int:
    from governance.drafting import command

    is_complete = command.run(options.files, options.table, options.earlier, options.answer, options.to)
    return OK if is_complete else REFUSED


def _snapshots(options: argparse.Namespace) -> int:
    if options.log:
        return _log()
    ids = snapshots.snapshot_ids()
    if not ids:
        raise CommandError("还没有快照：请先运行 python -m governance demo 或 python -m governance import。")
    found = {snapshot.id: snapshot for snapshot in snapshots.list_snapshots()}
    current = snapshots.current_id()
    rows = [["编号", "数据截至", "发布时间", "案件数", "大小", "说明"]]
    for snapshot in found.values():
        notes = ["当前"] * (snapshot.id == current) + ["演示数据"] * snapshot.is_demo
        published = snapshot.manifest["published_at"].replace("T", " ")[:16]
        size = f"{snapshot.bytes / 1e6:.1f} MB"
        as_of = f"{snapshot.as_of:%Y-%m-%d %H:%M}"
        rows.append([snapshot.id, as_of, published, f"{snapshot.rows('cases'):,}", size, "、".join(notes)])
    rows += [[damaged, "", "", "", "", "清单损坏"] for damaged in ids if damaged not in found]
    print(output.aligned(rows))
    if current not in found:
        print("提示：当前快照的指针缺失或指向损坏的快照。", file=sys.stderr)
    return OK


def _log() -> int:
    rows = [[str(line.get(key, ""))[:32] for key in ("at", "told", "snapshot", "by")] for line in snapshots.notes()]
    print(output.aligned([["时间", "事项", "快照", "操作者"], *rows]))
    if fault := snapshots.log_fault():
        raise CommandError(fault)
    return OK


def _verify(options: argparse.Namespace) -> int:
    ids = [options.id] if options.id else snapshots.snapshot_ids()
    if not ids:
        raise CommandError("还没有快照可以检查。")
    problems = []
    for snapshot_id in ids:
        try:
            snapshot = snapshots.verify(snapshot_id)
            print(f"{snapshot_id} 完好（{len(snapshot.manifest['files'])} 个文件，{snapshot.bytes / 1e6:.1f} MB）")
        except snapshots.SnapshotError as error:
            problems.append(str(error))
    if not options.id and snapshots.current_id() not in ids:
        problems.append("当前快照的指针缺失或已损坏。")
    if fault := snapshots.log_fault():
        problems.append(fault)
    if problems:
        raise CommandError(" ".join(problems))
    return OK


def _rollback(options: argparse.Namespace) -> int:
    from governance.public import following

    snapshot = snapshots.rollback(options.id)
    following.follow(snapshot)
    print(f"已退回到快照 {snapshot.id}，数据截至 {snapshot.as_of:%Y-%m-%d %H:%M}。")
    return OK


def _backup(options: argparse.Namespace) -> int:
    done = snapshots.backup(options.folder)
    for problem in done.damaged:
        print(f"没有备份：{problem}", file=sys.stderr)
    print(
        f"第 {done.number} 次备份已完成并校验：新备份 {len(done.copied)} 份快照，原有 {done.kept} 份完好，"
        f"设置、密钥等 {done.files} 个文件；目录 {options.folder}。"
    )
    return REFUSED if done.damaged else OK


def _restore(options: argparse.Namespace) -> int:
    from governance.public import following

    done = snapshots.restore(options.folder, options.overwrite, options.number)
    snapshot = snapshots.latest()
    following.follow(snapshot)
    copied = f"复制 {len(done.copied)} 份快照，已有 {done.kept} 份，设置、密钥等 {done.files} 个文件"
    print(f"已恢复到第 {done.number} 次备份：{copied}；当前快照 {snapshot.id}。")
    return OK


def _public(options: argparse.Namespace) -> int:
    from governance.public import building, describing, reading, settings

    chosen = settings.read()
    for problem in chosen.problems:
        print(problem, file=sys.stderr)
    snapshot = snapshots.latest()
    if snapshot.warning:
        print(snapshot.warning, file=sys.stderr)
    print(describing.describe(reading.open_bundle(building.build(snapshot, chosen))))
    return OK


def _answer(options: argparse.Namespace) -> int:
    from governance import filters, queries
    from governance.store import open_store

    queries.read(options.query)
    snapshot = snapshots.at(options.as_of)
    earlier = snapshots.at(options.earlier) if options.earlier else None
    store = open_store(access.current(), snapshot, earlier)
    given = {field.name: getattr(options, field.name) for field in fields(filters.Filter)}
    params = {name: value if isinstance(value, list) else [value] for name, value in given.items() if value is not None}
    chosen = filters.from_params(params, store)
    extra = {name: getattr(options, name) for name in queries.EXTRAS}
    frame = queries.answer(store, options.query, chosen, **extra)
    if snapshot.warning:
        print(snapshot.warning, file=sys.stderr)
    period = f"统计期 {chosen.start} 至 {chosen.stop}（不含）"
    print(f"{period}，数据截至 {snapshot.as_of:%Y-%m-%d %H:%M:%S}，快照 {snapshot.id}", file=sys.stderr)
    sys.stdout.write(output.write(frame, options.format))
    return OK


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # who is told to end leaves no raw cells behind
    sys.exit(main())
