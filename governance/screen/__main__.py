"""Serve the wall: python -m governance.screen [--port 8502] [--host 127.0.0.1] [--config FILE]."""

import argparse
import gc
import logging
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from governance.public import reading, settings
from governance.screen.application import create

PORT = 8502


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until stopped; 0, or 1 with one sentence when the port cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m governance.screen", description="大屏：只读公开数据包的独立服务")
    parser.add_argument("--port", type=int, default=PORT, help=f"端口，默认 {PORT}")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址，默认只有本机；0.0.0.0 为所有网卡")
    parser.add_argument("--config", type=Path, help="大屏设置文件，默认 data/screen.toml")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    for problem in settings.read(options.config).problems:
        logging.getLogger("governance.screen").warning(problem)
    listener = socket.socket(socket.AF_INET6 if ":" in options.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((options.host, options.port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or "端口应在 0 到 65535 之间"
        print(
            f"大屏不能在 {options.host}:{options.port} 上启动（{reason}）：换一个端口，如 --port 8600。",
            file=sys.stderr,
        )
        return 1
    print(f"▸ 大屏地址 http://{options.host}:{listener.getsockname()[1]}  （按 Ctrl+C 停止）", flush=True)
    application = create(reading.read, lambda: settings.read(options.config))
    gc.collect()
    gc.freeze()
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
        lifespan="off",
        timeout_keep_alive=75,  # longer than a wall stays silent, so that no question meets a closing connection
        timeout_graceful_shutdown=3,
        limit_concurrency=500,
    )
    uvicorn.Server(config).run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())
