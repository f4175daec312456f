"""The Markdown table and the picture of a comparison, made from its raw figures alone.

Also a program: `report.py FILE.json FOLDER` writes both again.
"""
import os
import sys

import picture
import results


def number(value, digits=2):
    if value is None:
        return ""
    return f"{value:,.{3 if 0 < abs(value) < 0.005 else digits}f}"


def verdict(value, bar, goal, at_least):
    def reached(limit):
        return value >= limit if at_least else value <= limit
    return "goal" if reached(goal) else "bar" if reached(bar) else "missed"


def goal_rows(r):
    """(figure, measured, the floor's or None, bar, goal, more is better); what is measured is (median, lowest, highest)"""
    def ratio(client, other, figure="cpu_us_per_request", connections=64, other_connections=None):
        return results.paired_ratio(results.values(r, client, connections, figure),
                                    results.values(r, other, other_connections or connections, figure))
    def both(name, *others, bar, goal, at_least=False, **of):
        floor = ratio("floor", *("floor" if o == "hvc" else o for o in others), **of)
        return name, ratio("hvc", *others, **of), floor and floor[0], bar, goal, at_least
    rows = [("CPU a request / floor", ratio("hvc", "floor"), None, 1.15, 1.00, False),
            both("CPU a request / Beast and a JSON document", "beast-dom", bar=0.60, goal=0.50),
            both("CPU a request / libcurl and a JSON document", "curl-dom", bar=0.45, goal=0.30),
            both("CPU a request / wrk, which decodes nothing", "wrk", bar=1.10, goal=1.00),
            both("requests a second / wrk", "wrk", figure="requests_per_second", bar=0.98, goal=1.00, at_least=True),
            both("median latency of one query at a time / wrk", "wrk", figure="p50_us", connections=1, bar=1.05, goal=1.00),
            both("CPU a request, 1,000 connections / 64", "hvc", connections=1000, other_connections=64, bar=1.30, goal=1.15)]
    extra = r.get("extras", {})
    def one(figure, value, bar, goal, at_least=False, floor=None, lowest=None, highest=None):
        rows.append((figure, None if value is None else (value, lowest or value, highest or value), floor, bar, goal, at_least))
    own = extra.get("openssl_allocations")
    smallest = extra.get("allocations_smallest_info")
    one("heap allocations a request beyond OpenSSL's, smallest Info", None if None in (own, smallest) else smallest - own, 2, 0)
    one("memory of an idle connection, KB", (extra.get("idle_memory") or {}).get("kb_per_connection"), 22, 16)
    calls, floors = (results.values(r, client, 64, "system_calls_per_request") for client in ("hvc", "floor"))
    one("system calls a request", results.median(calls), 2.6, 2.1, floor=results.median(floors),
        lowest=min(calls.values(), default=None), highest=max(calls.values(), default=None))
    one("reconnect with resumption / full handshake, CPU", (extra.get("reconnect") or {}).get("ratio"), 0.45, 0.35)
    threads = extra.get("two_threads") or {}
    beside = [f"{what} {number(threads[name], digits)}{unit}" for what, name, digits, unit in
              (("bare exchanges:", "ratio_of_bare_exchanges", 2, ""),
               ("two clients that share nothing:", "ratio_of_two_clients_apart", 2, ""),
               ("a cache line goes to the other core and back in", "cache_line_round_trip_ns", 0, " ns")) if name in threads]
    one(f"two threads / one thread, in memory ({'; '.join(beside)})", threads.get("ratio"), 1.8, 1.9, at_least=True,
        lowest=threads.get("lowest"), highest=threads.get("highest"))
    micro = extra.get("micro") or {}
    if "decode_info" in micro:
        one("decode of the 1.2 KB Info / Boost.JSON document of it",
            micro["decode_info"] / micro["decode_info_as_document"], 0.35, 0.20)
    return rows


def goals(r):
    out = ["| figure | measured | lowest to highest round | the floor's | bar | goal | reached |",
           "| --- | ---: | ---: | ---: | ---: | ---: | --- |"]
    for figure, measured, floor, bar, goal, at_least in goal_rows(r):
        sign = "≥" if at_least else "≤"
        if measured is None:
            out.append(f"| {figure} | not measured | | {number(floor)} | {sign} {bar:g} | {sign} {goal:g} | |")
            continue
        middle, low, high = measured
        between = "" if low == high else f"{low:.2f} to {high:.2f}"
        out.append(f"| {figure} | {number(middle)} | {between} | {number(floor)} | {sign} {bar:g} | {sign} {goal:g} | "
                   f"{verdict(middle, bar, goal, at_least)} |")
    return out


def clients(r):
    out = ["| client | CPU us a request | spread | / floor | / wrk | requests/s | p50 us | p99 us | allocations, OpenSSL's too | notes |",
           "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |"]
    def figure(client, name):
        return results.median(results.values(r, client, 64, name))
    def to(client, other):
        ratio = results.paired_ratio(results.values(r, client, 64, "cpu_us_per_request"),
                                     results.values(r, other, 64, "cpu_us_per_request"))
        return number(ratio and ratio[0])
    measured = [c for c in r["trials"] if figure(c, "cpu_us_per_request") is not None]
    for client in sorted(measured, key=lambda c: figure(c, "cpu_us_per_request")):
        cpu = results.values(r, client, 64, "cpu_us_per_request")
        trial = r["trials"][client]
        notes = [trial.get("note", ""), "" if trial["hash"] else "decodes nothing",
                 "" if trial["verifies"] else "**does not verify**"]
        out.append(f"| {client} | {number(results.median(cpu))} | {results.spread(cpu.values()):.1%} | {to(client, 'floor')} | "
                   f"{to(client, 'wrk')} | {number(figure(client, 'requests_per_second'), 0)} | "
                   f"{number(figure(client, 'p50_us'), 0)} | {number(figure(client, 'p99_us'), 0)} | "
                   f"{number(figure(client, 'allocations_per_request'), 1)} | {'; '.join(n for n in notes if n)} |")
    out += [f"| {c} | | | | | | | | | not comparable: decoded other values |" for c, t in r["trials"].items() if not t["comparable"]]
    return out


def growth(r):
    counts = sorted({x["connections"] for x in r["rounds"]})
    if len(counts) < 3:
        return []
    out = ["", "## CPU microseconds a request by number of connections", "",
           "| client | " + " | ".join(f"{n:,}" for n in counts) + " |", "| --- |" + " ---: |" * len(counts)]
    for client in ("hvc", "floor"):
        cells = [number(results.median(results.values(r, client, n, "cpu_us_per_request"))) for n in counts]
        if any(cells):
            out.append(f"| {client} | " + " | ".join(cells) + " |")
    return out


def micro(r):
    found = (r.get("extras") or {}).get("micro")
    if not found:
        return []
    return ["", "## Single steps", "", "| step | ns |", "| --- | ---: |"] + [f"| {name.replace('_', ' ')} | {ns:,.0f} |"
                                                                         for name, ns in found.items()]


def write(r, folder, raw):
    """Writes RESULTS.md and the picture, and returns the text."""
    m, v = r["machine"], r["versions"]
    lines = ["# What a request costs", "",
             "Made by `benchmarks/run.sh`; do not edit. Medians; a ratio is the median of the ratios of each round. CPU is user and "
             "system time of the client. Absolute figures move from machine to machine, ratios much less.", "",
             f"{r['date']}, commit {r['commit']}, {m['processor']}, {m['cores']} cores, Linux {m['kernel']}, load before the run "
             f"{m['load_before']:.2f}. " + ", ".join(t for t in v.values() if t) + f". Flags: {r['flags']}.", "",
             f"nginx with one worker on one core, the client on another; TLS 1.3, AES-256-GCM; a reply of 1.2 KB; 64 "
             f"connections kept alive; {r['rounds_wanted']} rounds of {r['requests']:,} requests a client, interleaved "
             f"(`benchmarks/run.sh --rounds {r['rounds_wanted']} --requests {r['requests']}`). "
             f"Raw figures: [{raw}]({raw}).", "",
             "## Goals", "", "Where the floor has such a figure, it says what part of a ratio is the machine's. The median of ratios "
             "is not the ratio of medians below.", "", *goals(r), "", "## Clients", "", "![CPU a request](results.svg)", "",
             "Spread: (highest - lowest) / median of the rounds.", "", *clients(r), *growth(r), *micro(r)]
    text = "\n".join(lines) + "\n"
    with open(os.path.join(folder, "RESULTS.md"), "w", encoding="utf-8") as file:
        file.write(text)
    draw(r, folder)
    return text


def draw(r, folder):
    def us(client, connections):
        return results.median(results.values(r, client, connections, "cpu_us_per_request"))
    names = [c for c in r["trials"] if us(c, 64) is not None]
    rows = sorted(((c, us(c, 64), c == "hvc") for c in names), key=lambda row: row[1])
    counts = sorted({x["connections"] for x in r["rounds"]})
    series = [(c, {n: us(c, n) for n in counts if us(c, n) is not None}, c == "hvc") for c in ("hvc", "floor") if c in names]
    picture.draw(os.path.join(folder, "results.svg"), rows, series if len(counts) > 2 else [])


if __name__ == "__main__":
    print(write(results.load(sys.argv[1]), sys.argv[2], os.path.relpath(sys.argv[1], sys.argv[2])))
