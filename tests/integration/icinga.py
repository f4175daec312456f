#!/usr/bin/env python3
"""hvc-sync check as a plugin of Icinga 2, which parses its figures: icinga.py HVC_SYNC HVC_SIMULATOR. 77 where there is none."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

CONFIGURATION = """
object CheckerComponent "checker" {{ }}
object PerfdataWriter "perfdata" {{
  service_perfdata_path = "{folder}/figures"
  service_temp_path = "{folder}/figures.part"
  host_perfdata_path = "{folder}/hosts"
  host_temp_path = "{folder}/hosts.part"
  rotation_interval = 1s
  service_format_template = "$service.name$ $service.state$ $service.perfdata$"
}}
object CheckCommand "nothing" {{ command = [ "/bin/true" ] }}
object CheckCommand "hvc" {{
  command = [ "{hvc_sync}", "check", "-w", "900", "-c", "3600" ]
  env = {{ HVC_SERVER = "{server}", HVC_CA_FILE = "{ca_file}" }}
  arguments = {{
    "--all" = {{ set_if = "$all$" }}
    link = {{ value = "$link$", skip_key = true, order = 1 }}
    provider = {{ value = "$provider$", skip_key = true, order = 2 }}
  }}
}}
object Host "vcenter" {{ check_command = "nothing" }}
template Service "provider" {{
  host_name = "vcenter"
  check_command = "hvc"
  check_interval = 1s
  retry_interval = 1s
}}
object Service "one" {{ import "provider"; vars.link = "link-1"; vars.provider = "provider-1" }}
object Service "none" {{ import "provider"; vars.link = "link-1"; vars.provider = "nobody" }}
object Service "every" {{ import "provider"; vars.all = true }}
"""


def figures_of(folder, wanted, seconds):
    """What Icinga made of each service's last check: {name: (state, [figure...])}."""
    found = {}
    end = time.monotonic() + seconds
    while not wanted <= found.keys() and time.monotonic() < end:
        time.sleep(0.1)
        for file in folder.glob("figures*"):
            for line in file.read_text().splitlines():
                name, state, *figures = line.split()
                found[name] = (state, figures)
    return found


def run_icinga(folder, hvc_sync, simulator):
    ready = json.loads(simulator.stdout.readline())
    (folder / "icinga2.conf").write_text(
        CONFIGURATION.format(folder=folder, hvc_sync=hvc_sync, server=ready["server"], ca_file=ready["ca_file"]))
    places = [f"-D{name}={folder}" for name in ("DataDir", "LogDir", "CacheDir", "SpoolDir", "InitRunDir")]
    user = [f"-DRunAsUser={os.environ.get('USER', 'root')}", "-DRunAsGroup=root"] if os.getuid() == 0 else []
    log = folder / "log"
    with open(log, "w") as out:
        icinga = subprocess.Popen(["icinga2", "daemon", "-c", str(folder / "icinga2.conf"), *places, *user], stdout=out, stderr=out)
    try:
        found = figures_of(folder, {"one", "none", "every"}, 60)
    finally:
        icinga.terminate()
        icinga.wait()
    return found, log.read_text()


def main():
    hvc_sync, hvc_simulator = sys.argv[1:]
    if shutil.which("icinga2") is None:
        print("no icinga2 here")
        return 77
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        command = [hvc_simulator, "--links", "1", "--providers", "2", "--ca-out", str(folder / "ca.pem")]
        simulator = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            found, log = run_icinga(folder, hvc_sync, simulator)
        finally:
            simulator.terminate()
            simulator.wait()
    print(found)
    assert found.keys() == {"one", "none", "every"}, log
    state, figures = found["one"]
    assert state == "OK" and len(figures) == 1 and figures[0].startswith("age=") and figures[0].endswith("s;900;3600;0"), log
    assert found["none"] == ("UNKNOWN", []), log
    state, figures = found["every"]
    assert state in ("OK", "CRITICAL") and {f.split("=")[0] for f in figures} == {"age", "ok", "warning", "critical", "unknown"}, log
    assert "warning" not in log, log
    return 0


if __name__ == "__main__":
    sys.exit(main())
