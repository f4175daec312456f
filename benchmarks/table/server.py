"""nginx as the server of a comparison: one worker on one core, TLS 1.3 with AES-256-GCM, a reply from memory.

Everything it needs is made in a directory of its own: an authority, a certificate for 127.0.0.1 and, on a second port, one
for another host, by which a client shows whether it looks.
"""
import os
import shutil
import socket
import ssl
import subprocess
import time

SMALLEST_INFO = ('{"last_sync_time":"2026-03-14T09:26:53.589Z","status":"SUCCEEDED",'
                 '"polling_interval_in_seconds":300}')

CONFIGURATION = """
daemon off;
{user}
worker_processes 1;
worker_rlimit_nofile 8192;
pid {home}/nginx.pid;
error_log {home}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {home}/body;
  proxy_temp_path {home}/proxy;
  fastcgi_temp_path {home}/fastcgi;
  uwsgi_temp_path {home}/uwsgi;
  scgi_temp_path {home}/scgi;
  default_type application/json;
  keepalive_timeout 3600s;
  keepalive_requests 1000000000;
  ssl_protocols TLSv1.3;
  ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384;
  server {{
    listen 127.0.0.1:{port} ssl backlog=4096;
    ssl_certificate {home}/server.pem;
    ssl_certificate_key {home}/server.key;
    location /api/hvc/ {{ return 200 '{reply}'; }}
    location /api/hvc/links/smallest/ {{ return 200 '{smallest}'; }}
  }}
  server {{
    listen 127.0.0.1:{wrong_port} ssl backlog=4096;
    ssl_certificate {home}/wrong.pem;
    ssl_certificate_key {home}/wrong.key;
    location /api/hvc/ {{ return 200 '{reply}'; }}
  }}
}}
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def openssl(home, *arguments):
    subprocess.run(["openssl", *arguments], cwd=home, check=True, capture_output=True)


def make_certificates(home):
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl(home, "req", "-x509", *key, "-days", "30", "-subj", "/CN=benchmark authority",
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            "-keyout", "ca.key", "-out", "ca.pem")
    for name, names in (("server", "IP:127.0.0.1,DNS:localhost"), ("wrong", "DNS:elsewhere.example")):
        with open(os.path.join(home, name + ".ext"), "w", encoding="utf-8") as file:
            file.write(f"subjectAltName={names}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n"
                       "authorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n")
        openssl(home, "req", *key, "-subj", "/CN=benchmark server", "-keyout", name + ".key", "-out", name + ".csr")
        openssl(home, "x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                "-days", "30", "-extfile", name + ".ext", "-out", name + ".pem")


def quoted(text):
    """As a single-quoted string of nginx's configuration."""
    return text.replace("\\", "\\\\").replace("'", "\\'")


class Server:
    """Runs from construction to stop()."""

    def __init__(self, home, reply_file, core):
        self.home = home
        make_certificates(home)
        self.port, self.wrong_port = free_port(), free_port()
        with open(reply_file, encoding="utf-8") as file:
            reply = file.read().strip()
        if "$" in reply:
            raise ValueError("nginx would take the $ in the reply for a variable")
        configuration = os.path.join(home, "nginx.conf")
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(home=home, port=self.port, wrong_port=self.wrong_port, reply=quoted(reply),
                                            smallest=SMALLEST_INFO, user="user root;" if os.getuid() == 0 else ""))
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        pin = ["taskset", "-c", str(core)] if core is not None else []
        self.process = subprocess.Popen(pin + [program, "-p", home, "-c", configuration], stderr=subprocess.DEVNULL)
        self.url = f"https://127.0.0.1:{self.port}"
        self.wrong_url = f"https://127.0.0.1:{self.wrong_port}"
        self.ca_file = os.path.join(home, "ca.pem")
        self.wait_until_ready()

    def wait_until_ready(self):
        context = ssl.create_default_context(cafile=self.ca_file)
        for _ in range(100):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as raw:
                    with context.wrap_socket(raw, server_hostname="127.0.0.1"):
                        return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise RuntimeError(f"nginx does not answer; see {self.home}/error.log")

    def stop(self):
        self.process.terminate()
        self.process.wait()
