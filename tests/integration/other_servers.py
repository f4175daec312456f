#!/usr/bin/env python3
"""hvc-sync against servers that are not ours: nginx, haproxy, openssl s_server and Python's ssl.

other_servers.py HVC_SYNC: asks each what it is set up to answer, and compares exit code and JSON with what the command line
promises. Exits 77, "skipped", where one of the servers is not installed.
"""

import contextlib
import json
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

PATH = "/api/hvc/links/L/sync/providers/"
BODIES = (pathlib.Path(__file__).parent / "page_bodies.hpp").read_text()
INFO, ERROR = (re.search(rf'{name} = R"\((.*?)\)";', BODIES, re.DOTALL).group(1) for name in ("page_info", "page_error"))
PROXY_TEXT = "no healthy upstream"


def run(*words, **more):
    return subprocess.run(words, check=True, capture_output=True, text=True, **more)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Authority:
    """A certificate authority, and the leaves that the cases need."""

    def __init__(self, folder):
        self.folder = folder
        self.pem = folder / "ca.pem"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test authority", "-days", "2",
            "-keyout", folder / "ca.key", "-out", self.pem)
        (folder / "index").write_text("")
        (folder / "ca.conf").write_text(
            f"[ca]\ndefault_ca=it\n[it]\ndatabase={folder}/index\nnew_certs_dir={folder}\nrand_serial=yes\nunique_subject=no\n"
            f"certificate={self.pem}\nprivate_key={folder}/ca.key\ndefault_md=sha256\npolicy=any\ncopy_extensions=copy\n"
            "[any]\ncommonName=optional\n")

    def leaf(self, name, host="localhost", end="20991231235959Z"):
        """A file with key and certificate."""
        key, request, signed, both = (self.folder / f"{name}.{kind}" for kind in ("key", "csr", "crt", "pem"))
        run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={host}", "-addext",
            f"subjectAltName=DNS:{host}", "-keyout", key, "-out", request)
        run("openssl", "ca", "-batch", "-config", self.folder / "ca.conf", "-in", request, "-out", signed, "-notext",
            "-startdate", "20200101000000Z", "-enddate", end)
        both.write_text(key.read_text() + signed.read_text())
        return both


@contextlib.contextmanager
def process(*words, port=None, **more):
    """A server, once it listens, until it is no longer needed."""
    child = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    try:
        for _ in range(500):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            if child.poll() is not None:
                raise RuntimeError(f"{words[0]} ended with {child.returncode}")
            threading.Event().wait(0.02)
        yield port
    finally:
        child.terminate()
        child.wait()


@contextlib.contextmanager
def nginx(folder, authority):
    """TLS with a good, an expired and a wrong certificate, and plain for haproxy to stand before."""
    good, expired, wrong, plain = (free_port() for _ in range(4))
    replies = "".join(
        f"location = {PATH}{name} {{ default_type {kind}; return {status} '{body}'; }}\n"
        for name, status, kind, body in (
            ("info", 200, "application/json", INFO), ("forbidden", 403, "application/json", ERROR),
            ("missing", 404, "application/json", ERROR), ("broken", 500, "application/json", ERROR),
            ("overloaded", 503, "text/plain", PROXY_TEXT), ("page", 200, "text/html", "<html>Log in</html>")))
    servers = "".join(
        f"server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {pem}; ssl_certificate_key {pem};\n{replies}}}\n"
        for port, pem in ((good, authority.leaf("good")), (wrong, authority.leaf("wrong", host="elsewhere.example")),
                          (expired, authority.leaf("expired", end="20210101000000Z"))))
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};\n"
        f"uwsgi_temp_path {folder}; scgi_temp_path {folder};\n{servers}server {{ listen 127.0.0.1:{plain};\n{replies}}} }}\n")
    with process("nginx", "-p", folder, "-c", folder / "nginx.conf", port=good):
        yield {"nginx": good, "nginx, expired": expired, "nginx, wrong host": wrong}, plain


@contextlib.contextmanager
def haproxy(folder, authority, backend):
    """Before nginx, and before nobody."""
    front, alone = free_port(), free_port()
    pem = authority.leaf("haproxy")
    (folder / "haproxy.cfg").write_text(
        "defaults\n mode http\n timeout connect 1s\n timeout client 10s\n timeout server 10s\n retries 0\n"
        f"listen front\n bind 127.0.0.1:{front} ssl crt {pem}\n server nginx 127.0.0.1:{backend}\n"
        f"listen alone\n bind 127.0.0.1:{alone} ssl crt {pem}\n server nobody 127.0.0.1:{free_port()}\n")
    with process("haproxy", "-f", folder / "haproxy.cfg", port=front):
        yield {"haproxy": front, "haproxy, alone": alone}


@contextlib.contextmanager
def s_server(folder, authority):
    """A replier that sends files as they are, and one that sends its own page."""
    reply = folder / PATH.strip("/") / "info"
    reply.parent.mkdir(parents=True)
    reply.write_bytes(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                      b"Content-Length: %d\r\n\r\n%s" % (len(INFO), INFO.encode()))
    pem = authority.leaf("s_server")
    files, www = free_port(), free_port()
    common = ("-cert", pem, "-quiet")
    with process("openssl", "s_server", "-accept", f"127.0.0.1:{files}", "-HTTP", *common, port=files, cwd=folder), \
            process("openssl", "s_server", "-accept", f"127.0.0.1:{www}", "-www", *common, port=www):
        yield {"s_server -HTTP": files, "s_server -www": www}


@contextlib.contextmanager
def python_server(authority):
    """Cuts its reply short, or never sends one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.leaf("python"))
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve(plain):
        with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as link:
            head = link.recv(65536)
            if PATH.encode() + b"silence" in head:
                ended.wait()
            else:
                link.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n" + INFO[:100].encode())

    def accept():
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield {"python": listener.getsockname()[1]}
    finally:
        ended.set()
        listener.close()


# server, provider, exit code, what the error says
CASES = (
    ("nginx", "info", 0, None),
    ("nginx", "forbidden", 1, {"kind": "standard", "http_status": 403, "error_type": "string"}),
    ("nginx", "missing", 1, {"kind": "standard", "http_status": 404, "error_type": "string"}),
    ("nginx", "broken", 1, {"kind": "standard", "http_status": 500, "error_type": "string"}),
    ("nginx", "overloaded", 3, {"kind": "http_status", "http_status": 503}),
    ("nginx", "page", 3, {"kind": "content"}),
    ("nginx", "nothing", 3, {"kind": "http_status", "http_status": 404}),
    ("nginx, expired", "info", 3, {"kind": "tls_verify", "reason": "expired"}),
    ("nginx, wrong host", "info", 3, {"kind": "tls_verify", "reason": "host_mismatch"}),
    ("haproxy", "info", 0, None),
    ("haproxy", "missing", 1, {"kind": "standard", "http_status": 404}),
    ("haproxy", "overloaded", 3, {"kind": "http_status", "http_status": 503}),
    ("haproxy, alone", "info", 3, {"kind": "http_status", "http_status": 503}),
    ("s_server -HTTP", "info", 0, None),
    ("s_server -www", "info", 3, {"kind": "content"}),
    ("python", "truncated", 3, {"kind": "connection_lost", "stage": "body"}),
    ("python", "silence", 4, {"kind": "deadline", "stage": "head"}),
)


def complaint(tool, authority, ports, case):
    """What is wrong with the outcome of a case, or nothing."""
    server, provider, code, error = case
    timeout = "1s" if code == 4 else "20s"
    outcome = subprocess.run([tool, "get", "L", provider, "-o", "json", "--attempts", "1", "-t", timeout, "--no-auth",
                              "-s", f"https://localhost:{ports[server]}", "--ca-file", authority.pem],
                             capture_output=True, text=True, check=False)
    told = json.loads(outcome.stdout) if outcome.stdout else {}
    as_promised = told == json.loads(INFO) if error is None else error.items() <= told.get("error", {}).items()
    if outcome.returncode == code and as_promised:
        return None
    return f"expected exit {code} and {error or 'the Info'}, got exit {outcome.returncode}\n{outcome.stdout}{outcome.stderr}"


def main():
    absent = [name for name in ("nginx", "haproxy", "openssl") if not shutil.which(name)]
    if absent:
        print("skipped: not installed:", *absent)
        return 77
    tool, failed = sys.argv[1], 0
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        authority = Authority(folder)
        ports, plain = stack.enter_context(nginx(folder, authority))
        ports |= stack.enter_context(haproxy(folder, authority, plain))
        ports |= stack.enter_context(s_server(folder, authority))
        ports |= stack.enter_context(python_server(authority))
        for case in CASES:
            wrong = complaint(tool, authority, ports, case)
            failed += wrong is not None
            print(f"{'FAILED' if wrong else 'passed'}  {case[0]}: {case[1]}", wrong or "", sep="\n" if wrong else "")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
