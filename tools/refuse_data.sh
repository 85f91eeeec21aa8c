#!/usr/bin/env bash
# Refuses a commit that holds data: exports, workbooks, snapshots. Personal data must not reach the repository.
set -euo pipefail

is_data() {
    case "$1" in
        data/README.md) return 1 ;;
        tests/fixtures/*.csv) return 1 ;;
        data/* | *.xlsx | *.xls | *.csv | *.parquet | *.duckdb | *.db | *.sqlite | *.zip) return 0 ;;
        *) return 1 ;;
    esac
}

refused=0
while IFS= read -r -d '' file; do
    if is_data "$file"; then
        printf '拒绝提交数据文件：%s\n' "$file" >&2
        refused=1
    fi
done < <(git diff --cached --name-only --diff-filter=ACMR -z)
if [ "$refused" = 1 ]; then
    echo '数据不入库：请先执行 git restore --staged 文件名（说明见 data/README.md）。' >&2
fi
exit "$refused"
