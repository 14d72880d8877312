"""Runs Schemathesis over the venue's own OpenAPI document: as nobody, as a trader, and as a risk admin.

    schema_attack.py URL ADMIN_TOKEN SECONDS_EACH SEED

Fails where any call is answered by a status or a body that the document does not have, or by a 5xx.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from native import Venue, market

HERE = Path(__file__).parent
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# Would end what the rest of the run needs: the kill switch and the key it signs with.
NOT_RUN = ["haltAll", "setRole"]


def run(url, seconds, seed, who, key):
    environment = dict(os.environ, SCHEMATHESIS_HOOKS="hooks", PYTHONPATH=str(HERE), PYTHONHASHSEED=seed)
    environment["BREAKWATER_ACCOUNT"] = {"riskAdmin": "chief"}.get(who, "alice")
    if key:
        environment.update(BREAKWATER_KEY=key.identifier, BREAKWATER_SECRET=key.secret)
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", url + "/v1/openapi.json", "--checks", CHECKS, "--seed", seed,
        "--max-time", str(seconds), "--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--no-shrink",
        "--warnings", "off", "--generation-database", "none", "--suppress-health-check", "all"]
    for operation in NOT_RUN:
        command += ["--exclude-operation-id", operation]
    print(f"== as {who}", flush=True)
    with tempfile.TemporaryDirectory() as folder:  # it leaves notes of its own where it runs
        return subprocess.run(command, env=environment, cwd=folder).returncode


def main():
    url, token, seconds, seed = sys.argv[1:5]
    venue = Venue(url)
    keys = market(venue, token)
    venue.user("spare", "trader")
    shares = {"nobody": 0.5, "alice": 1, "riskAdmin": 1}
    outcomes = {who: run(url, int(float(seconds) * share), seed, who, keys.get(who)) for who, share in shares.items()}
    venue.ask("GET", "/v1/venue")
    print("outcomes:", outcomes)
    sys.exit(1 if any(outcomes.values()) else 0)


main()
