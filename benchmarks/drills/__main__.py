"""Run the long drills: python -m benchmarks.drills [kills] [readers] [flips].

kills: an import, or a publication, is killed at 200 random moments. readers: four readers ask for ten minutes while
imports publish. flips: 1,000 single bits of a data folder are turned over, one at a time. Each ends with its figures,
and with 1 when anything was not as it must be. The hostile files are read by `HOSTILE=all` and
tests/test_importing_hostile.py.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.drills import flips, kills, readers

DRILLS = {"kills": kills.run, "readers": readers.run, "flips": flips.run}


def main() -> int:
    """Run those that were named, all when none was."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drills", nargs="*", metavar="drill", help=" ".join(DRILLS))
    parser.add_argument("--kills", type=int, default=200, help="how many moments")
    parser.add_argument("--minutes", type=float, default=10, help="how long the readers ask")
    parser.add_argument("--flips", type=int, default=1000, help="how many bits")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if unknown := set(options.drills) - set(DRILLS):
        parser.error(f"unknown drills: {' '.join(sorted(unknown))}")
    faults = []
    for name in options.drills or DRILLS:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            figures, found = DRILLS[name](Path(folder), options)
        print(f"{name}: {time.monotonic() - began:.0f} s", *figures, *found[:20], sep="\n  ", flush=True)
        faults += found
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
