"""Whoever is written to: a mail server that can be down, slow or strict, and a webhook that can fail."""
import asyncio
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import socket
import ssl
import subprocess
import threading
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from program import check, equal


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class MailServer:
    """Takes mail on one port for as long as it is up, and keeps all of it."""

    def __init__(self):
        self.port = free_port()
        self.taken = []
        #: How long it keeps a mail before it says that it has it.
        self.hold = 0
        #: What it answers to an address before that works, by address.
        self.refusals = {}
        self.users = []
        self.controller = None

    def start(self, **options):
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        self.controller.start()

    def stop(self):
        self.controller.stop()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refusals.get(address):
            return self.refusals[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        equal(envelope.rcpt_tos, [message["To"].addresses[0].addr_spec], "whom it goes to")
        self.taken.append(message)
        await asyncio.sleep(self.hold)
        return "250 OK"

    def authenticate(self, server, session, envelope, mechanism, data):
        self.users.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=self.users[-1] == ("venue", "the mail's password"), handled=False)

    def to(self, who, about=""):
        """Subjects of what somebody was told, the question about the address left out."""
        return [each["Subject"] for each in self.taken
                if each["To"].addresses[0].username == who and about in each["Subject"]
                and not each["Subject"].startswith("Confirm")]

    def all_to(self, who):
        return [each for each in self.taken if each["To"].addresses[0].username == who]


def certificate(folder):
    """A certificate for this machine, which nobody trusts unless told to: chain and key."""
    chain, key = folder + "/mail.pem", folder + "/mail.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", chain],
        check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    return chain, context


class Webhook:
    """Takes signed requests, and answers the next ones as it is told to."""

    def __init__(self):
        self.taken = []
        self.answers = []
        self.secret = ""
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.taken.append((self.headers, body, hook.secret))
                status = hook.answers.pop(0) if hook.answers else 200
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(b"thanks" * 10)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?of=dave"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def told(self):
        """What came, as JSON, once every signature is verified as docs/API.md tells."""
        for headers, body, secret in self.taken:
            stamp = headers["X-Breakwater-Timestamp"]
            expected = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
            check(hmac.compare_digest(expected, headers["X-Breakwater-Signature"]), "a signature is wrong")
            check(abs(time.time() * 1000 - int(stamp)) < 120_000, "a timestamp is stale", stamp)
            equal(headers["X-Breakwater-Delivery"], json.loads(body)["id"], "the delivery's id")
        return [json.loads(body) for _, body, _ in self.taken]
