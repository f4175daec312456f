"""The file of raw figures of a comparison, and the statistics made of it. Knows neither clients nor servers."""
import json
import statistics
import sys


def load(path):
    try:
        with open(path, encoding="utf-8") as file:
            results = json.load(file)
    except (OSError, ValueError) as e:
        sys.exit(f"{path}: {e}")
    if not isinstance(results, dict) or "rounds" not in results:
        sys.exit(f"{path}: no result file of run.sh")
    return results


def save(results, path):
    """One measurement a line, so that two files can be compared by eye."""
    rounds = ",\n  ".join(json.dumps(r) for r in results["rounds"])
    rest = {name: value for name, value in results.items() if name != "rounds"}
    with open(path, "w", encoding="utf-8") as file:
        file.write(json.dumps(rest, indent=1)[:-2] + ',\n "rounds": [\n  ' + rounds + "\n ]\n}\n")


def values(results, client, connections, figure):
    """One value a round, in the order of rounds; rounds without one are left out."""
    return {r["round"]: r["figures"][figure] for r in results["rounds"]
            if r["client"] == client and r["connections"] == connections and r["figures"].get(figure) is not None}


def median(by_round):
    return statistics.median(by_round.values()) if by_round else None


def spread(numbers):
    """(highest - lowest) / median."""
    numbers = list(numbers)
    middle = statistics.median(numbers)
    return (max(numbers) - min(numbers)) / middle if middle else 0.0


def paired_ratio(above, below):
    """The median of the ratios of each round, lowest and highest: what disturbed a round disturbed both. Or None."""
    ratios = [above[r] / below[r] for r in above if below.get(r)]
    return (statistics.median(ratios), min(ratios), max(ratios)) if ratios else None
