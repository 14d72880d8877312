"""A venue with the demo market, run by the program itself, that can be stopped and started again where it stood."""
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import urllib.request

from stand import eventually

PROGRAM = pathlib.Path(".build/release/breakwater")


class Venue:
    def __init__(self, *options):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = tempfile.TemporaryDirectory(prefix="breakwater-page-")
        self.options = options
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *reason):
        self.stop()
        self.folder.cleanup()

    def start(self):
        """Returns once it listens."""
        with open(self.folder.name + "/said", "w") as said:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "--demo", "--data", self.folder.name + "/venue", "--port", str(self.port),
                 *self.options], stdout=subprocess.PIPE, stderr=said, text=True)
        for line in self.process.stdout:
            if line.startswith("listening on "):
                return
        raise AssertionError(f"the venue ended with {self.process.wait()}")

    @property
    def token(self):
        """What makes its bearer risk admin, once."""
        said = pathlib.Path(self.folder.name, "said")
        return eventually(lambda: re.search(r"^ +([A-Za-z0-9]{43})$", said.read_text(), re.MULTILINE), "the token")[1]

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def get(self, path):
        return urllib.request.urlopen(self.url + path).read()
