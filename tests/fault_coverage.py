#!/usr/bin/env python3
"""Which rows of the fault catalogue (docs/faults.md) have a test.

A test shows a row if its name begins with the row's id, or with several: TEST_CASE("P2 P3 ..."). A list a test includes
(`*.inc`) shows those its comments begin with: `// H3, H4: ...`. Prints how many of the rows are covered, and fails where the last column of the catalogue does not say what the tests say: run it with --write to
have the column written anew. A row without a test needs a reason there, which stays as it is.
"""

import argparse
import pathlib
import re
import sys

ROWS = {"C": 14, "T": 34, "H": 36, "P": 26, "J": 24, "S": 16, "R": 18, "X": 10, "U": 12, "L": 14}
NAMED = 2  # tests named for a row; the others are counted

TEST_CASE = re.compile(r'\bTEST_CASE\(\s*((?:"(?:[^"\\\n]|\\.)*"\s*)+)')
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
IDS = re.compile(r"((?:[CTHPJSRXUL][1-9]\d?[ ,]+)+)(.*)")
INCLUDE = re.compile(r'#include "(\w+\.inc)"')
LIST_COMMENT = re.compile(r"^// ((?:[CTHPJSRXUL][1-9]\d?(?:, | and |(?=[: ]|$)))+)", re.MULTILINE)
CATALOGUE_ROW = re.compile(r"^\| ([CTHPJSRXUL]\d+) \|")
PROGRAM = re.compile(r"hvc_add_tests\(\s*(\w+)([^)]*)\)")


def all_ids():
    return [f"{group}{n}" for group, count in ROWS.items() for n in range(1, count + 1)]


def programs(folder):
    """Of the sources of a folder whose CMakeLists.txt names them, or a pattern of theirs."""
    found = {}
    lists = folder / "CMakeLists.txt"
    if lists.exists():
        text = lists.read_text()
        globs = dict(re.findall(r"file\(GLOB (\w+) CONFIGURE_DEPENDS ([^)\s]+)\)", text))
        for program, arguments in PROGRAM.findall(text):
            for word in arguments.split():
                pattern = globs.get(word.strip("${}"), word)
                if pattern.endswith(".cpp"):
                    found.update({source.name: program for source in folder.glob(pattern)})
    return found


def program_of(source, tests):
    relative = source.relative_to(tests)
    if relative.parts[0] == "unit" and len(relative.parts) > 2:
        return f"unit_{relative.parts[1]}"
    return programs(source.parent).get(source.name, relative.parent.as_posix())


def lists_of(source, text):
    """(row, name of the test) of the lists a source includes: the test is the one behind the #include."""
    for include in INCLUDE.finditer(text):
        test = TEST_CASE.search(text, include.end())
        name = "".join(LITERAL.findall(test.group(1)))
        for comment in LIST_COMMENT.findall((source.parent / include.group(1)).read_text()):
            for row in re.findall(r"[A-Z]\d+", comment):
                yield row, name


def tests_by_row(tests):
    """Row -> (program, name) of its tests, in the order of the sources."""
    rows = {row: [] for row in all_ids()}
    unknown = []
    for source in sorted(tests.rglob("*.cpp")):
        text = source.read_text(errors="replace")
        for row, name in lists_of(source, text):
            rows[row].append((program_of(source, tests), name))
        for match in TEST_CASE.finditer(text):
            name = "".join(LITERAL.findall(match.group(1)))
            ids = IDS.match(name)
            if not ids:
                continue
            for row in re.split(r"[ ,]+", ids.group(1).strip(" ,")):
                if row in rows:
                    rows[row].append((program_of(source, tests), name.replace('\\"', '"').replace("|", "\\|")))
                else:
                    unknown.append(f"{source}: {row} is no row of the catalogue")
    return rows, unknown


def cell(found):
    named = "; ".join(f"`{program}`: {name}" for program, name in found[:NAMED])
    return named if len(found) <= NAMED else f"{named}; and {len(found) - NAMED} more"


def columns(line):
    return [column.strip() for column in re.split(r"(?<!\\)\|", line)[1:-1]]


def rewritten(text, rows):
    lines, problems, seen = [], [], set()
    for line in text.splitlines():
        match = CATALOGUE_ROW.match(line)
        if match:
            row, old = match.group(1), columns(line)
            seen.add(row)
            if rows.get(row):
                line = "| " + " | ".join(old[:-1] + [cell(rows[row])]) + " |"
            elif not old[-1] or "`: " in old[-1]:
                problems.append(f"{row} has no test, and no reason why")
        lines.append(line)
    problems += [f"{row} is missing" for row in rows if row not in seen]
    return "\n".join(lines) + "\n", problems


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--write", action="store_true", help="write the column of tests anew")
    write = arguments.parse_args().write
    tests = pathlib.Path(__file__).resolve().parent
    catalogue = tests.parent / "docs" / "faults.md"
    rows, problems = tests_by_row(tests)
    text = catalogue.read_text()
    new, wrong = rewritten(text, rows)
    problems += wrong
    if write:
        catalogue.write_text(new)
    else:
        stale = zip(text.splitlines(), new.splitlines())
        problems += [f"{columns(a)[0]}: the tests named are not those there are; see --write" for a, b in stale if a != b]
    covered = sum(1 for found in rows.values() if found)
    for problem in problems:
        print(f"docs/faults.md: {problem}")
    print(f"fault catalogue: {covered} of {len(rows)} rows have a test, {len(rows) - covered} a reason why not")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
