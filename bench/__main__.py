"""All of them: `make bench`."""

import pkgutil
import subprocess
import sys

import bench

NOT_ONE = {"__main__", "timing"}
failed = 0
for module in sorted({found.name for found in pkgutil.iter_modules(bench.__path__)} - NOT_ONE):
    print(f"--- {module}", flush=True)
    failed |= subprocess.run([sys.executable, "-m", f"bench.{module}"], check=False).returncode
sys.exit(failed)
