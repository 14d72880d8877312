"""Requests signed by hand, as the dialect's documentation says."""
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request

from stand import URL, credentials

KEY, SECRET = credentials("alice")


def send(method, path, query="", body=None, key=KEY):
    request = urllib.request.Request(URL + path + ("?" + query if query else ""), method=method, data=body)
    if key:
        request.add_header("X-MBX-APIKEY", key)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.loads(answer.read()), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read()), error.headers


def signed(method, path, secret=SECRET, key=KEY, shift=0, in_body=None, **parameters):
    parameters.setdefault("timestamp", int(time.time() * 1000) + shift)
    text = urllib.parse.urlencode(parameters)
    text += "&signature=" + hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    if in_body if in_body is not None else method in ("POST", "PUT"):
        return send(method, path, body=text.encode(), key=key)
    return send(method, path, text, key=key)


def code(answer):
    return answer[0], answer[1].get("code")
