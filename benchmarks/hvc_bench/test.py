#!/usr/bin/env python3
"""test.py BIN: hvc-bench as scripts and people use it, against hvc-simulator and against a server that mixes up its replies."""
import http.server
import json
import os
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "table"))
from simulator import Simulator

BIN = sys.argv.pop(1)
FIGURES = ["requests", "errors", "wrong", "seconds", "requests_per_second", "cpu_us_per_request", "p50_us", "p99_us",
           "p999_us", "allocations_per_request", "peak_rss_kb", "connections_opened", "retries"]
ONE = ("--link", "link-1", "--provider", "provider-1")


def start(*words, variables={}, stdout=subprocess.PIPE):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HVC_")}
    return subprocess.Popen([os.path.join(BIN, "hvc-bench"), *words], stdout=stdout, stderr=subprocess.PIPE, text=True,
                            env={**clean, **variables})


def hvc_bench(*words, variables={}):
    """(exit status, figures or None, standard error)"""
    done = start("--output", "json", *words, variables=variables)
    out, error = done.communicate(timeout=60)
    return done.returncode, json.loads(out) if out else None, error


class Guarded(http.server.BaseHTTPRequestHandler):
    """Keeps the log-ins and log-outs, and tells when it was asked for the second time."""
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.server.sessions += 1
        self.answer(201, b'"a-session"')

    def do_DELETE(self):
        self.server.sessions -= 1
        self.answer(204)

    def do_GET(self):
        self.server.questions += 1
        if self.server.questions == 2:
            self.server.asked_twice.set()
        self.answer(200, b'{"status": "SUCCEEDED", "polling_interval_in_seconds": 300}')

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if body:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Echo(http.server.BaseHTTPRequestHandler):
    """Names in its reply the link it was asked for, or always link-0."""
    protocol_version = "HTTP/1.1"
    mixes_up = False

    def do_GET(self):
        link, provider = self.path.split("/")[4], self.path.split("/")[7]
        message = {"id": "an.id", "default_message": "A message.", "args": ["link-0" if self.mixes_up else link, provider]}
        body = json.dumps({"status": "SUCCEEDED", "polling_interval_in_seconds": 300, "status_message": message}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class HvcBench(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.home = folder.name
        cls.simulator = Simulator(BIN, cls.home, "--links", "19", "--providers", "2")
        cls.addClassCleanup(cls.simulator.stop)
        cls.to_it = ("--server", cls.simulator.url, "--ca-file", cls.simulator.ca_file)

    def file(self, content):
        with tempfile.NamedTemporaryFile("w", dir=self.home, delete=False) as file:
            file.write(content)
        return file.name

    def serve(self, handler):
        """A server with the simulator's certificate, and the words that ask it."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        pki = os.path.join(self.home, "pki")
        context.load_cert_chain(os.path.join(pki, "server.pem"), os.path.join(pki, "server.key"))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # whoever is interrupted may leave in the middle of an answer
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server, ("--server", f"https://127.0.0.1:{server.server_port}", "--ca-file", self.simulator.ca_file)

    def echo(self, mixes_up):
        """The words that ask ten links of a server."""
        _, to_it = self.serve(type("Handler", (Echo,), {"mixes_up": mixes_up}))
        return (*to_it, "--link", "link-{n}", "--provider", "provider-1", "--ids", "10", "--requests", "200", "--connections",
                "4")

    def test_json_holds_the_figures_and_nothing_else(self):
        status, figures, _ = hvc_bench(*self.to_it, *ONE, "--requests", "500", "--connections", "3", "--warmup", "10")
        self.assertEqual((status, list(figures)), (0, FIGURES))
        self.assertEqual([figures[name] for name in ("requests", "errors", "wrong", "connections_opened")], [500, 0, 0, 3])
        self.assertGreater(figures["p999_us"], 0)
        self.assertGreater(figures["cpu_us_per_request"], 0)
        rate, seconds = figures["requests_per_second"], figures["seconds"]
        self.assertAlmostEqual(rate * seconds, 500, delta=rate * 0.51e-6 + seconds * 0.051)  # as exactly as both are printed

    def test_ids_in_the_question_count_from_0_to_one_less_than_there_are(self):
        status, figures, _ = hvc_bench(*self.to_it, "--link", "link-1{n}", "--provider", "provider-1", "--ids", "10",
                                       "--requests", "100")
        self.assertEqual((status, figures["errors"]), (0, 0))
        status, figures, error = hvc_bench(*self.to_it, "--link", "link-{n}", "--provider", "provider-1", "--ids", "4",
                                           "--requests", "100")
        self.assertEqual((status, figures["errors"]), (0, 25))
        self.assertIn("NOT_FOUND", error)

    def test_replies_that_belong_to_their_question_are_right(self):
        status, figures, _ = hvc_bench(*self.echo(mixes_up=False))
        self.assertEqual((status, figures["errors"], figures["wrong"]), (0, 0, 0))

    def test_replies_that_belong_to_another_question_are_wrong(self):
        status, figures, _ = hvc_bench(*self.echo(mixes_up=True))
        self.assertEqual((status, figures["errors"], figures["wrong"]), (1, 0, 180))

    def test_a_certificate_that_is_not_trusted_fails_every_request(self):
        with tempfile.TemporaryDirectory() as elsewhere, Simulator(BIN, elsewhere) as other:
            status, figures, error = hvc_bench("--server", self.simulator.url, "--ca-file", other.ca_file, *ONE,
                                               "--requests", "20")
        self.assertEqual((status, figures["errors"]), (1, 20))
        self.assertIn("certificate", error)

    def test_a_host_that_is_not_this_one_needs_to_be_allowed(self):
        for host in ("vcenter.example.com", "192.0.2.1", "[2001:db8::1]", "127.evil.example"):
            status, figures, error = hvc_bench("--server", f"https://{host}", *ONE)
            self.assertEqual((status, figures), (2, None))
            self.assertIn("--allow-remote", error)

    def test_wrong_usage_is_told_in_a_line(self):
        for words in ((), ("--link", "l"), ("--rate", "fast", *ONE), ("--requests", "0", *ONE), ("--wrong", *ONE),
                      ("--output", "xml", *ONE)):
            status, figures, error = hvc_bench("--server", "https://127.0.0.1:1", *words)
            self.assertEqual((status, figures, error.count("\n")), (2, None, 1), words)

    def test_a_flag_beats_the_environment(self):
        another_pin = {"HVC_PIN_SHA256": "ab" * 32}
        status, figures, error = hvc_bench(*self.to_it, *ONE, "--requests", "10", variables=another_pin)
        self.assertEqual((status, error), (0, ""))
        self.assertEqual(figures["errors"], 0)

    def test_flags_that_contradict_each_other_are_refused(self):
        token = self.file("a-token\n")
        for words in (("-k",), ("--pin-sha256", "ab" * 32), ("--no-auth", "--session-token-file", token),
                      ("--no-auth", "--user", "me", "--password-file", token)):
            status, figures, error = hvc_bench(*self.to_it, *ONE, *words)
            self.assertEqual((status, figures), (2, None), words)
            self.assertIn("exclude each other", error)

    def test_the_environment_is_taken_as_hvc_sync_takes_it(self):
        login = {"HVC_USER": "me", "HVC_PASSWORD": "secret"}
        with tempfile.TemporaryDirectory() as home, \
                Simulator(BIN, home, "--user", "me", "--password-file", self.file("secret\n")) as guarded:
            there = {"HVC_SERVER": guarded.url, "HVC_CA_FILE": guarded.ca_file}
            for variables, errors in (({}, 10), (login, 0), ({**login, "HVC_SESSION_TOKEN": ""}, 0),
                                      ({**login, "HVC_SESSION_TOKEN": "unknown"}, 10), ({**login, "HVC_TIMEOUT": "1h"}, 0)):
                _, figures, error = hvc_bench(*ONE, "--requests", "10", variables={**there, **variables})
                self.assertIsNotNone(figures, error)
                self.assertEqual(figures["errors"], errors, (variables, error))

    def test_a_user_without_a_password_is_refused_before_any_login(self):
        for words, variables in (((), {}), ((), {"HVC_PASSWORD": ""}), (("--password-file", self.home), {}),
                                 (("--password-file", self.file("")), {})):
            status, figures, error = hvc_bench(*self.to_it, *ONE, "--user", "me", *words, variables=variables)
            self.assertEqual((status, figures), (2, None), (words, variables))
            self.assertIn("password", error)

    def test_a_password_among_the_arguments_is_not_repeated(self):
        status, _, error = hvc_bench(*self.to_it, *ONE, "--password=secret")
        self.assertEqual(status, 2)
        self.assertNotIn("secret", error)

    def interrupted(self, how, *words):
        """(exit status, standard output, standard error, the server) of a run that is told to end after its first answer"""
        server, to_it = self.serve(Guarded)
        server.sessions, server.questions, server.asked_twice = 0, 0, threading.Event()
        run = start(*to_it, *ONE, "--user", "me", "--password-file", self.file("secret\n"), "--concurrency", "1", "--output",
                    "json", *words)
        self.assertTrue(server.asked_twice.wait(60))
        run.send_signal(how)
        return (*run.communicate(timeout=60), run.returncode, server)

    def test_a_signal_ends_the_run_with_the_figures_so_far_and_leaves_no_session(self):
        for how in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            out, error, status, server = self.interrupted(how, "--requests", "100000000")
            self.assertEqual((status, error, server.sessions), (130, "", 0), how)
            figures = json.loads(out)
            self.assertIn(figures["requests"], (server.questions - 1, server.questions))
            self.assertEqual(figures["errors"], 0)

    def test_a_signal_before_anything_was_measured_leaves_no_figures_and_no_session(self):
        out, error, status, server = self.interrupted(signal.SIGINT, "--warmup", "100000000")
        self.assertEqual((out, error, status, server.sessions), ("", "", 130, 0))

    def test_a_run_that_waits_for_its_next_start_ends_at_once_all_the_same(self):
        _, error, status, server = self.interrupted(signal.SIGTERM, "--requests", "1000", "--rate", "1")
        self.assertEqual((status, error, server.sessions), (130, "", 0))
        self.assertLess(server.questions, 1000)

    def test_figures_that_cannot_be_written_are_a_failure(self):
        for output in ("json", "table"):
            with open("/dev/full", "w") as full:
                done = start(*self.to_it, *ONE, "--requests", "10", "--output", output, stdout=full)
            _, error = done.communicate(timeout=60)
            self.assertEqual(done.returncode, 3)
            self.assertIn("cannot write to standard output", error)

    def test_a_standard_output_that_is_closed_is_a_failure(self):
        words = [os.path.join(BIN, "hvc-bench"), *self.to_it, *ONE, "--requests", "10"]
        done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *words], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 3)
        self.assertIn("cannot write to standard output", done.stderr)

    def test_a_stall_of_the_server_shows_in_every_request_that_was_due_meanwhile(self):
        loaded = start(*self.to_it, *ONE, "--rate", "300", "--requests", "900", "--connections", "4", "--concurrency", "400",
                       "--output", "json")
        with self.assertRaises(subprocess.TimeoutExpired):
            loaded.communicate(timeout=1.5)  # in the middle of its 3 s
        self.simulator.process.send_signal(signal.SIGSTOP)
        with self.assertRaises(subprocess.TimeoutExpired):
            loaded.communicate(timeout=0.6)
        self.simulator.process.send_signal(signal.SIGCONT)
        figures = json.loads(loaded.communicate(timeout=60)[0])
        self.assertEqual(figures["errors"], 0)
        self.assertGreater(figures["p99_us"], 400_000)  # 180 of 900 were due in those 600 ms
        self.assertLess(figures["p50_us"], 300_000)

    def test_a_rate_that_is_not_reached_is_said_so(self):
        rate = "10000000"
        status, figures, error = hvc_bench(*self.to_it, *ONE, "--rate", rate, "--requests", "500")
        self.assertEqual((status, figures["errors"]), (0, 0))
        self.assertIn(f"of the {rate} a second asked for", error)
        _, _, error = hvc_bench(*self.to_it, *ONE, "--rate", "100", "--requests", "200")  # of which a reply may be late
        self.assertEqual(error, "")

    def test_the_table_is_for_people(self):
        done = start(*self.to_it, *ONE, "--requests", "100")
        out, error = done.communicate(timeout=60)
        self.assertEqual((done.returncode, error), (0, ""))
        for words in ("requests per second", "CPU a request", "latency p50"):
            self.assertIn(words, out)


for number in (signal.SIGINT, signal.SIGHUP):  # nor does a program start as one that ignores them
    signal.signal(number, signal.default_int_handler)
unittest.main(verbosity=2)
