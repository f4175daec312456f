"""hvc-simulator as the server of a measurement: a certificate that outlives a restart, a port of the system's choice."""
import json
import os
import signal
import subprocess
import sys


class Simulator:
    """Runs from construction to stop(), with which a `with` ends, and again after start(), at the same address. `core`:
    pinned there."""

    def __init__(self, bin_folder, home, *flags, core=None):
        pin = ["taskset", "-c", str(core)] if core is not None else []
        self.command = [*pin, os.path.join(bin_folder, "hvc-simulator"), "--pki", os.path.join(home, "pki"),
                        "--ca-out", os.path.join(home, "ca.pem"), *flags]
        self.url = "https://127.0.0.1:0"
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.process = subprocess.Popen([*self.command, "--listen", self.url.removeprefix("https://")],
                                        stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            sys.exit("hvc-simulator did not start")
        ready = json.loads(line)
        self.url, self.ca_file = ready["server"], ready["ca_file"]

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait()
        self.process.stdout.close()
