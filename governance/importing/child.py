"""The child process that touches a file's bytes: limits first, then reading, then one JSON answer."""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from governance.importing.problems import ImportProblem


def main() -> int:
    """Read the request from stdin, answer on stdout."""
    request = json.load(sys.stdin)
    from governance.importing import csv_reading, geojson_reading, xlsx_reading

    readers = {"csv": csv_reading.read, "xlsx": xlsx_reading.read, "geojson": geojson_reading.read}
    _limit(request["memory"], request["seconds"])
    try:
        answer: dict[str, Any] = readers[request["kind"]](request)
    except ImportProblem as problem:
        answer = {"problem": str(problem)}
    except MemoryError:
        answer = {"problem": "读取时超出内存上限，已停止：请检查文件是否异常，或分批导出。"}
    except OSError as error:
        reason = "磁盘空间不足" if error.errno == 28 else "无法打开或写入临时文件夹"
        answer = {"problem": f"读取失败（{reason}）：请检查权限和磁盘空间后重试。"}
    json.dump(answer, sys.stdout)
    return 0


def _limit(memory: int, seconds: int) -> None:
    """Bound address space (above what the interpreter already holds), CPU time and what may be written."""
    with open("/proc/self/statm") as statm:
        held = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + memory, held + memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
