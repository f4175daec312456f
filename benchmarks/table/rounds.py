#!/usr/bin/env python3
"""Runs all clients against one server, side by side, and writes the raw figures, the table and the picture.

Started by ../run.sh, which has installed and built everything. A client is a folder of ../peers with a program `run`.
"""
import argparse
import datetime
import glob
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import report
import results
from server import Server

BENCHMARKS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GROWTH = [1, 4, 16, 64, 256, 1000]
NOT_HERE = 77  # exit status of a client that is not installed
NEEDED = ("requests", "errors", "requests_per_second", "cpu_us_per_request")  # of what a client prints


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, help="folder of the programs built")
    parser.add_argument("--flags", default="", help="how they were compiled, for the record")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=200000, help="a client and round, at 64 connections")
    parser.add_argument("--only", help="clients, separated by commas")
    parser.add_argument("--quick", action="store_true", help="2 short rounds, no growth: to see that everything works")
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--client-core", type=int, default=1)
    parser.add_argument("--out", help="folder for RESULTS.md, results/ and the picture (this one; with --quick a new one)")
    args = parser.parse_args()
    if args.quick:
        args.rounds, args.requests = min(args.rounds, 2), min(args.requests, 20000)
    args.out = args.out or (tempfile.mkdtemp(prefix="hvc-benchmark-") if args.quick else BENCHMARKS)
    return args


class Bench:
    """The clients, the server and where both run."""

    def __init__(self, args, home):
        self.args = args
        pinned = os.cpu_count() > max(args.server_core, args.client_core)
        self.pin = ["taskset", "-c", str(args.client_core)] if pinned else []
        self.environment = dict(os.environ, BENCH_BIN=os.path.abspath(args.bin))
        self.token_file = os.path.join(home, "token")
        with open(self.token_file, "w", encoding="utf-8") as file:
            file.write("0123456789abcdef0123456789abcdef\n")
        self.server = Server(home, os.path.join(BENCHMARKS, "reply-1.2k.json"), args.server_core if pinned else None)

    def clients(self):
        every = sorted(os.path.basename(os.path.dirname(p)) for p in glob.glob(os.path.join(BENCHMARKS, "peers/*/run")))
        chosen = self.args.only.split(",") if self.args.only else every
        if unknown := set(chosen) - set(every):
            sys.exit(f"no such client: {', '.join(sorted(unknown))}; there are {', '.join(every)}")
        return sorted(chosen, key=lambda name: (name != "hvc", name))

    def command(self, client, connections, requests, warmup, url=None, link="7f3c"):
        return self.pin + [os.path.join(BENCHMARKS, "peers", client, "run"), "--server", url or self.server.url,
                           "--ca-file", self.server.ca_file, "--link", link, "--provider", "vsphere.local",
                           "--connections", str(connections), "--requests", str(requests), "--warmup", str(warmup),
                           "--session-token-file", self.token_file]

    def run(self, client, connections, requests, warmup, *flags, **where):
        """(figures or None, exit status, standard error)"""
        command = [*self.command(client, connections, requests, warmup, **where), *flags]
        try:
            done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=300)
        except subprocess.TimeoutExpired:
            return None, -1, "took longer than 300 s"
        lines = done.stdout.strip().splitlines()
        try:
            return json.loads(lines[-1]), done.returncode, done.stderr
        except (IndexError, json.JSONDecodeError):
            return None, done.returncode, done.stderr

    def program(self, name, *arguments, pinned=True):
        """A program of the build that prints JSON; None if it is not there or fails."""
        path = os.path.join(self.args.bin, name)
        if not os.path.exists(path):
            return None
        try:
            done = subprocess.run((self.pin if pinned else []) + [path, *arguments], capture_output=True, text=True,
                                  timeout=300)
        except subprocess.TimeoutExpired:
            print(f"{name}: took longer than 300 s", file=sys.stderr)
            return None
        if done.returncode != 0:
            print(f"{name}: {done.stderr.strip()}", file=sys.stderr)
            return None
        return json.loads(done.stdout)


def note_of(client):
    """What a client says of itself: the comment in the second line of its `run`."""
    with open(os.path.join(BENCHMARKS, "peers", client, "run"), encoding="utf-8") as file:
        return file.read().splitlines()[1].lstrip("# ")


def try_clients(bench):
    """Which clients are here, which verify the server, and what each decoded: {client: {...}}."""
    trials = {}
    for client in bench.clients():
        figures, status, error = bench.run(client, 1, 100, 0, "--hash")
        if status == NOT_HERE:
            print(f"{client}: not installed, left out")
            continue
        missing = [name for name in NEEDED if figures is not None and name not in figures]
        if figures is None or missing or figures["errors"]:
            why = f"it does not tell {', '.join(missing)}" if missing else error
            print(f"{client}: does not work, left out\n{why}", file=sys.stderr)
            continue
        wrong, status, _ = bench.run(client, 1, 1, 0, url=bench.server.wrong_url)
        accepts = status == 0 and wrong is not None and wrong["errors"] < wrong["requests"]
        trials[client] = {"verifies": not accepts, "hash": figures.get("hash"), "note": note_of(client)}
    expected = trials.get("hvc", trials.get("floor", {})).get("hash")
    for client, trial in trials.items():
        trial["comparable"] = trial["hash"] is None or trial["hash"] == expected
        print(f"{client:12} {'verifies' if trial['verifies'] else 'does not verify':16} "
              f"{trial['hash'] or 'decodes nothing'}{'' if trial['comparable'] else '  NOT COMPARABLE'}")
    return trials


def system_calls(bench, client):
    """System calls a request at 64 connections, counted by the kernel; None where perf may not."""
    counts = []
    for requests in (20000, 80000):
        with tempfile.NamedTemporaryFile("r") as out:
            command = ["perf", "stat", "-x,", "-o", out.name, "-e", "raw_syscalls:sys_enter", "--",
                       *bench.command(client, 64, requests, 0)]
            try:
                subprocess.run(command, check=True, env=bench.environment, capture_output=True, timeout=120)
                counts += [int(line.split(",")[0]) for line in out.read().splitlines() if "raw_syscalls" in line]
            except (OSError, subprocess.SubprocessError, ValueError):
                return None
    return (counts[1] - counts[0]) / 60000 if len(counts) == 2 else None


def measure(bench, clients):
    """All rounds, interleaved: every client once a round, at 64 connections, then at 1, then the growth of some."""
    args, rounds = bench.args, []
    def once(number, client, connections, requests, counts_calls=False):
        figures, _, error = bench.run(client, connections, requests, max(requests // 10, 100 * connections))
        if figures is None:
            print(f"{client}: {error.strip()}", file=sys.stderr)
            return
        if counts_calls:
            figures["system_calls_per_request"] = system_calls(bench, client)
        rounds.append({"round": number, "client": client, "connections": connections, "figures": figures})
        print(f"round {number} {client:12} {connections:5} connections "
              f"{figures['cpu_us_per_request']:8.2f} us CPU {figures['requests_per_second']:10.0f} requests/s", flush=True)
    for number in range(args.rounds):
        turn = clients[number % len(clients):] + clients[:number % len(clients)]  # no client always goes first
        for client in turn:
            once(number, client, 64, args.requests, counts_calls=client in ("hvc", "floor"))
        for client in turn:
            if client in ("hvc", "wrk", "floor"):
                once(number, client, 1, args.requests // 10)
        for connections in ([] if args.quick else GROWTH):
            for client in ("hvc", "floor"):
                if client in clients and connections not in (1, 64):
                    once(number, client, connections, args.requests)
    return rounds


def extras(bench, clients):
    """Figures that are counted rather than timed: once is enough."""
    if "hvc" not in clients:
        return {}
    found = {}
    figures, _, _ = bench.run("hvc", 64, 50000, 5000, link="smallest")
    if figures:
        found["allocations_smallest_info"] = figures["allocations_per_request"]
        found["openssl_allocations"] = figures.get("openssl_allocations_per_request")
    found["idle_memory"] = bench.program("hvc-idle-memory", "--server", bench.server.url, "--ca-file",
                                         bench.server.ca_file, "--connections", "1000")
    found["reconnect"] = bench.program("hvc-reconnect")
    found["two_threads"] = bench.program("hvc-two-threads", os.path.join(BENCHMARKS, "reply-1.2k.json"), pinned=False)
    found["micro"] = micro(bench)
    return found


def micro(bench):
    """Nanoseconds of each micro benchmark, the median of 5; None if they were not built."""
    document = bench.program("hvc-micro", "--benchmark_format=json", "--benchmark_repetitions=5",
                             "--benchmark_report_aggregates_only=true", "--benchmark_min_time=0.1")
    if document is None:
        return None
    return {b["run_name"]: round(b["cpu_time"], 1) for b in document["benchmarks"] if b.get("aggregate_name") == "median"}


def output_of(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=BENCHMARKS)
        return (done.stdout or done.stderr).strip()
    except OSError:
        return ""


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return {"processor": models[0] if models else platform.machine(), "cores": os.cpu_count(),
            "kernel": platform.release(), "load_before": os.getloadavg()[0]}


def versions():
    def first(*command):
        return (output_of(*command).splitlines() or [""])[0]
    boost = first("sh", "-c", "grep -rhoE '\"[0-9_]+\"' /usr/include/boost/version.hpp | tail -1").strip('"').replace("_", ".")
    return {"system": platform.freedesktop_os_release().get("PRETTY_NAME", ""), "compiler": first("c++", "--version"),
            "openssl": first("openssl", "version"), "nginx": first("nginx", "-v"),
            "wrk": " ".join(first("wrk", "-v").split()[:2]), "h2load": first("h2load", "--version"),
            "curl": " ".join(first("curl-config", "--version").split()), "go": first("go", "version"),
            "boost": f"Boost {boost}"}


def main():
    args = parse_arguments()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16384) if hard != resource.RLIM_INFINITY else 16384, hard))
    now = datetime.datetime.now(datetime.timezone.utc)
    record = {"date": now.strftime("%Y-%m-%d %H:%M UTC"), "commit": output_of("git", "describe", "--always", "--dirty"),
              "machine": machine(), "versions": versions(), "flags": args.flags,
              "requests": args.requests, "rounds_wanted": args.rounds}
    with tempfile.TemporaryDirectory(prefix="hvc-benchmark-") as home:
        bench = Bench(args, home)
        try:
            record["trials"] = try_clients(bench)
            clients = [c for c in record["trials"] if record["trials"][c]["comparable"]]
            if not clients:
                sys.exit("no client works")
            record["rounds"] = measure(bench, clients)
            record["extras"] = extras(bench, clients)
        finally:
            bench.server.stop()
    folder = os.path.join(args.out, "results")
    os.makedirs(folder, exist_ok=True)
    raw = os.path.join(folder, now.strftime("%Y-%m-%d-%H%M") + ".json")
    results.save(record, raw)
    print(report.write(record, args.out, os.path.relpath(raw, args.out)))
    print(f"written to {args.out}")


main()
