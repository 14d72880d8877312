"""The real program in a process of its own, which can be stopped and killed, and a client that signs for whoever asks."""
import hashlib
import hmac
import json
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request

BINARY = ".build/release/breakwater"


class Program:
    def __init__(self, folder):
        self.data = folder + "/venue"
        self.said = folder + "/said"
        self.keys = {}
        self.process = None

    def start(self, *options):
        with open(self.said, "w") as said:
            self.process = subprocess.Popen(
                [BINARY, "serve", "--data", self.data, "--port", "0", "--rulebook", "coinbase", *options],
                stdout=subprocess.PIPE, stderr=said, text=True,
                env={**os.environ, "BREAKWATER_SMTP_PASSWORD": "the mail's password"})
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            raise AssertionError("it did not start: " + open(self.said).read())
        self.url = line.split()[-1]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        equal(self.process.wait(10), 0, "how it ended")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def token(self):
        said = lambda: re.search(r"^ {4}(\w{43})$", open(self.said).read(), re.MULTILINE)
        return eventually(said, "the token")[1]

    # Asking

    def ask(self, who, method, path, body=None, headers=None, expect=None):
        """Asks as its key signs it. `expect` is the status of a refusal that has to come."""
        text = "" if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json", **(headers or {})}
        if who:
            key, secret = self.keys[who]
            # Two requests of one millisecond are two requests.
            time.sleep(0.002)
            stamp = str(time.time_ns() // 1_000_000)
            message = f"{stamp}\n{method}\n{path}\n{text}".encode()
            headers |= {"X-Breakwater-Key": key, "X-Breakwater-Timestamp": stamp,
                        "X-Breakwater-Signature": hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()}
        request = urllib.request.Request(self.url + path, text.encode() or None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                found, content = answer, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            content = refusal.read().decode()
            equal(refusal.code, expect, f"{method} {path} {text}: {content}")
            return json.loads(content)["error"]
        equal(expect, None, f"{method} {path} {text}: {content}")
        return json.loads(content) if found.headers.get_content_type() == "application/json" else content

    def person(self, name, role="trader"):
        """Signs somebody up, the first risk admin by the venue's token, and keeps a key of theirs."""
        proof = {"name": name, "password": "the long password of " + name}
        if role == "riskAdmin":
            self.ask(None, "POST", "/v1/admin/claim", {"token": self.token(), **proof})
        else:
            self.ask(None, "POST", "/v1/users", proof)
        request = urllib.request.Request(
            self.url + "/v1/session", json.dumps(proof).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            cookie, session = answer.headers["Set-Cookie"].split(";")[0], json.load(answer)
        key = self.ask(None, "POST", "/v1/keys", {"label": "test", "role": role}, headers={
            "Cookie": cookie, "X-CSRF-Token": session["csrfToken"], "Origin": self.url})
        self.keys[name] = (key["id"], key["secret"])

    def command(self, do, **parameters):
        return self.ask("chief", "POST", "/v1/admin/commands", {"do": do, **parameters})

    def mark(self, price):
        self.command("mark", prices={"BTCUSDT": str(price)})

    def order(self, who, side, size, price):
        order = {"symbol": "BTCUSDT", "side": side, "type": "limit", "size": size, "price": str(price)}
        return self.ask(who, "POST", f"/v1/accounts/{who}/orders", order)

    def notifications(self, who):
        return self.ask(who, "GET", f"/v1/accounts/{who}/notifications")

    def wish(self, who, mail=None, webhook=None, levels=("warning", "danger", "liquidation"), **more):
        wanted = {level: level in levels for level in ("warning", "danger", "liquidation")}
        return self.ask(who, "PUT", f"/v1/accounts/{who}/notifications",
                        {"mail": mail, "webhook": webhook, "levels": wanted, **more.pop("also", {})}, **more)

    def test(self, who, channel, **more):
        return self.ask(who, "POST", f"/v1/accounts/{who}/notifications/test", {"channel": channel}, **more)

    def figure(self, name, channel):
        text = self.ask(None, "GET", "/metrics")
        return int(re.search(rf'^breakwater_notices_{name}{{channel="{channel}"}} (\d+)$', text, re.MULTILINE)[1])


def check(condition, *shown):
    if not condition:
        raise AssertionError(" ".join(str(each) for each in shown))


def equal(found, expected, what=""):
    check(found == expected, f"{what}: found {found!r}, expected {expected!r}")


def eventually(question, what, seconds=10):
    end = time.time() + seconds
    while time.time() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come within {seconds} s")
