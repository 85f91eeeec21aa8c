"""A parser of the command line whose words are Chinese."""

import argparse
import re
from pathlib import Path
from typing import NoReturn

USAGE = 2


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Help in Chinese."""

    def add_usage(self, usage: str | None, actions: object, groups: object, prefix: str | None = None) -> None:
        """Say 用法 for usage."""
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)  # type: ignore[arg-type]


class Parser(argparse.ArgumentParser):
    """A parser whose words are Chinese."""

    WORDS = (
        (r"the following arguments are required: (.+)", r"缺少参数 \1"),
        (r"unrecognized arguments: (.+)", r"不认识的参数 \1"),
        (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"\1 不能是 \2，可选 \3"),
        (r"argument (.+?): expected .+", r"\1 后面缺少值"),
        (r"argument (.+?): (.+)", r"\1：\2"),
    )

    def __init__(self, *arguments: object, **options: object) -> None:
        """Name the sections of the help in Chinese."""
        super().__init__(*arguments, formatter_class=Formatter, add_help=False, allow_abbrev=False, **options)  # type: ignore[arg-type,misc]
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份帮助")
        self.add_argument("--data", type=Path, metavar="目录", default=argparse.SUPPRESS, help="数据目录，默认 data/")

    def error(self, message: str) -> NoReturn:
        """Say in one sentence what is wrong with the arguments."""
        for english, chinese in self.WORDS:
            message = re.sub(english, chinese, message)
        self.exit(USAGE, f"用法有误：{message}。查看帮助：{self.prog} --help\n")
