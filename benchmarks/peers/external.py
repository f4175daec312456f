"""What the peers that are programs of somebody else share: hvc-bench's flags in, hvc-bench's JSON out.

Such a program has no warm-up that could be left out of its CPU time, so its run function is called twice, once small and
once in full, and the difference is what is reported: connecting and starting cost nothing then.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--ca-file", required=True)
    parser.add_argument("--link", required=True)
    parser.add_argument("--provider", required=True)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--requests", type=int, default=100000)
    parser.add_argument("--warmup", type=int, default=0)
    parser.add_argument("--session-token-file")
    parser.add_argument("--hash", action="store_true", help="ignored: nothing is decoded")
    args = parser.parse_args()
    args.url = f"{args.server}/api/hvc/links/{args.link}/sync/providers/{args.provider}"
    args.fields = ["Accept: application/json"]
    if args.session_token_file:
        with open(args.session_token_file, encoding="utf-8") as file:
            args.fields.append("vmware-api-session-id: " + file.readline().strip())
    return args


def run(command):
    """Runs to the end. Returns (standard output, CPU seconds, peak resident kB). Exit status 77: it is not installed."""
    if not shutil.which(command[0]):
        sys.exit(77)
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read()
    if child.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{text}")
    return text, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def report(requests, errors, seconds, cpu_seconds, rss_kb, connections, p50=None, p99=None, p999=None):
    print(json.dumps({
        "requests": requests, "errors": errors, "wrong": 0, "seconds": round(seconds, 6),
        "requests_per_second": round(requests / seconds, 1) if seconds else 0,
        "cpu_us_per_request": round(cpu_seconds * 1e6 / requests, 3) if requests else 0,
        "p50_us": p50, "p99_us": p99, "p999_us": p999, "allocations_per_request": None, "peak_rss_kb": rss_kb,
        "connections_opened": connections, "retries": 0}))
    sys.exit(1 if errors >= requests else 0)
