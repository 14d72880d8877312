"""Warnings by mail and webhook from the real program to real receivers: each once, whatever is stopped, down or killed.

Alice (isolated) and carol (cross) read mail, dave has a webhook, erin never confirms her address; bob is on the other side.
All but bob are long 1 at 40,000; the buffer of alice's and dave's positions is 100 % there, 71 % at 39,700, 2.6 % at 39,000.
"""
import pathlib
import re
import subprocess
import tempfile
import time

from program import BINARY, Program, check, equal, eventually
from receivers import MailServer, Webhook, certificate

CONTRACT = {
    "symbol": "BTCUSDT", "kind": "linear", "settle": "USDT", "tick": "0.1", "lot": "0.001", "multiplier": "1",
    "maxLeverage": "20", "makerFee": "0.01%", "takerFee": "0.04%", "liquidationFee": "0.1%", "tiers": "progressive",
    "riskLimits": [{"upTo": "1000000", "im": "5%", "mm": "2.5%"}, {"upTo": "1000000000", "im": "10%", "mm": "5%"}],
}
#: For so long nothing more may come.
QUIET = 0.7


def furnish(venue):
    venue.person("chief", "riskAdmin")
    venue.command("list", contract=CONTRACT)
    venue.mark(40_000)
    venue.command("fund", currency="USDT", amount="100000")
    for name, money in (("alice", 3_000), ("bob", 1_000_000), ("carol", 2_100), ("dave", 3_000), ("erin", 3_000)):
        venue.person(name)
        venue.command("deposit", account=name, currency="USDT", amount=str(money))
    venue.order("bob", "sell", "4", 40_000)
    for name in ("alice", "carol", "dave", "erin"):
        if name != "carol":
            venue.ask(name, "PUT", f"/v1/accounts/{name}/positions/BTCUSDT/leverage", {"leverage": "20", "mode": "isolated"})
        venue.order(name, "buy", "1", 40_000)


def wish(venue, mails, hook):
    """Everybody says where they want to be told what; addresses are asked first."""
    for bad in ("alice@example.test\r\nBcc: eve@example.test", "alice", "a b@example.test", "alice@-x"):
        equal(venue.wish("alice", mail=bad, expect=400)["field"], "mail", bad)
    for bad in ("ftp://example.test/x", "http://user:word@example.test/", "http://", "https://a b/", "file:///etc/passwd"):
        equal(venue.wish("alice", webhook=bad, expect=400)["field"], "webhook", bad)
    venue.wish("alice", mail="alice@example.test")
    venue.wish("carol", mail="carol@example.test", levels=("danger", "liquidation"))
    hook.secret = venue.wish("dave", webhook=hook.url)["secret"]
    venue.wish("erin", mail="erin@example.test")
    eventually(lambda: len(mails.taken) == 3, "the questions")
    for each in mails.taken:
        name = each["To"].addresses[0].username
        equal(each["Auto-Submitted"], "auto-generated", "Auto-Submitted")
        code = re.search(r"^    (\w+)\r?$", each.get_content(), re.MULTILINE)[1]
        check(f"https://venue.test/#/alerts/{code}" in each.get_content(), each.get_content())
        equal(venue.notifications(name)["mail"]["confirmed"], False, name)
        venue.ask(name, "POST", f"/v1/accounts/{name}/notifications/confirm", {"code": "another"}, expect=422)
        if name != "erin":
            told = venue.ask(name, "POST", f"/v1/accounts/{name}/notifications/confirm", {"code": code})
            equal(told["mail"], {"address": name + "@example.test", "confirmed": True}, name)
    equal(venue.test("bob", "webhook", expect=422)["code"], "noTarget", "a test to nowhere")
    venue.ask("bob", "GET", "/v1/accounts/alice/notifications", expect=404)


def be_warned(venue, mails, hook):
    """Once, to those who want it, as long as the buffer has not recovered."""
    hook.answers = [500, 302]
    mails.refusals = {"alice@example.test": ["451 later, please"]}
    venue.mark(39_700)
    eventually(lambda: mails.to("alice"), "alice's warning")
    equal(mails.to("alice"), ["Warning: BTCUSDT of alice has 71.28 % of its buffer"], "alice's mail")
    content = mails.all_to("alice")[-1].get_content()
    check("https://venue.test/#/trade" in content and "BTCUSDT of alice has 71.28 % of its buffer left" in content, content)
    # An answer that leads elsewhere is no answer, and is not followed.
    eventually(lambda: len(hook.taken) == 3, "dave's warning, at the third attempt")
    told = hook.told()
    equal([each["kind"] for each in told], ["warning"] * 3, "dave's webhook")
    equal(len({each["id"] for each in told}), 1, "ids of one message")
    equal((told[0]["symbol"], told[0]["buffer"], told[0]["account"]), ("BTCUSDT", "71.28", "dave"), "what it says")
    # 80.9 % is above the level and not yet recovered.
    for price in (39_650, 39_800, 39_700):
        venue.mark(price)
    time.sleep(QUIET)
    equal((len(mails.to("alice")), mails.to("carol"), mails.to("erin"), len(hook.taken)), (1, [], [], 3), "after that")
    sent = [each for each in venue.notifications("alice")["deliveries"] if each["kind"] == "warning"]
    equal([(each["state"], each["attempts"]) for each in sent], [("sent", 2)], "alice's deliveries")
    equal(venue.figure("sent_total", "webhook"), 1, "sent webhooks in the metrics")


def start_again(venue, mails, hook, options):
    """A clean stop forgets nothing and repeats nothing; a danger that a gap leads to is told once, and as that."""
    venue.stop()
    venue.start(*options)
    venue.mark(39_700)
    time.sleep(QUIET)
    equal((len(mails.to("alice")), len(hook.taken)), (1, 3), "after a restart")
    venue.mark(40_000)
    venue.mark(39_000)
    eventually(lambda: mails.to("carol") and mails.to("alice", "Danger") and len(hook.taken) == 4, "the danger")
    equal(mails.to("carol"), ["Danger: the USDT portfolio of carol has 11.18 % of its buffer"], "carol's mail")
    equal(len(mails.to("alice")), 2, "alice's mails")


def lose_the_mail_server(venue, mails, options):
    """What cannot be sent waits, over a restart as well, and comes once."""
    before = len(mails.taken)
    mails.stop()
    venue.mark(40_000)
    venue.mark(39_000)
    eventually(lambda: venue.notifications("alice")["deliveries"][0]["attempts"] > 0, "an attempt")
    waiting = venue.notifications("alice")["deliveries"][0]
    equal((waiting["kind"], waiting["state"], waiting["problem"]), ("danger", "waiting", "Couldn't connect to server"), "it waits")
    equal(venue.figure("waiting", "mail"), 2, "waiting mails in the metrics")
    venue.stop()
    venue.start(*options)
    equal(venue.figure("waiting", "mail"), 2, "waiting mails after the restart")
    mails.start()
    eventually(lambda: len(mails.taken) == before + 2, "what waited")
    time.sleep(QUIET)
    equal(len(mails.taken), before + 2, "mails after it came back")
    equal((len(mails.to("alice")), len(mails.to("carol"))), (3, 2), "mails to each")


def be_killed(venue, mails, options):
    """Killed after the server has a mail and before it says so: the same mail comes once more, and not again."""
    before = len(mails.taken)
    mails.hold = 1
    venue.mark(40_000)
    venue.mark(39_700)
    eventually(lambda: len(mails.taken) == before + 1, "alice's warning")
    venue.kill()
    mails.hold = 0
    venue.start(*options)
    eventually(lambda: len(mails.taken) == before + 2, "the same once more")
    first, second = mails.all_to("alice")[-2:]
    equal(second["Message-ID"], first["Message-ID"], "its Message-ID")
    equal(second.as_bytes(), first.as_bytes(), "the mail")
    check(re.fullmatch(r"<[0-9a-f]{32}@venue\.test>", first["Message-ID"]), first["Message-ID"])
    venue.kill()
    venue.start(*options)
    time.sleep(QUIET)
    equal(len(mails.taken), before + 2, "mails after another kill")


def be_liquidated(venue, mails, hook):
    venue.mark(39_700)
    venue.order("bob", "buy", "2", 38_940)
    venue.mark(38_950)
    eventually(lambda: mails.to("alice", "Liquidation") and hook.told()[-1]["kind"] == "liquidation", "the liquidation")
    time.sleep(QUIET)
    equal(mails.to("alice", "Liquidation"), ["Liquidation of BTCUSDT of alice has begun"], "alice's mail")
    told = hook.told()[-1]
    equal((told["mark"], told["symbol"]), ("38950", "BTCUSDT"), "dave's webhook")
    check(f"https://venue.test/#/liquidation/" in mails.all_to("alice")[-1].get_content(), "no link")
    equal(mails.to("erin"), [], "mails to an address that was never confirmed")


def change_minds(venue, mails, hook):
    """Tests, another secret, refusals for good, and nothing more once it is not wanted."""
    taken = len(hook.taken)
    hook.secret = venue.wish("dave", webhook=hook.url, also={"newSecret": True})["secret"]
    check("secret" not in venue.notifications("dave"), "the secret is shown again")
    identifier = venue.test("dave", "webhook")["id"]
    eventually(lambda: len(hook.taken) == taken + 1, "the test")
    equal((hook.told()[-1]["id"], hook.told()[-1]["kind"]), (identifier, "test"), "the test")
    mails.refusals = {"carol@example.test": ["550 nobody of that name"] * 9}
    venue.test("carol", "mail")
    state = lambda: venue.notifications("carol")["deliveries"][0]
    eventually(lambda: state()["state"] == "failed", "that it was given up", 15)
    equal((state()["attempts"], state()["problem"]), (4, "the mail server answered 550"), "the test that failed")
    mails.refusals = {}
    venue.wish("alice")
    equal(venue.notifications("alice")["mail"], None, "alice's mail")
    for _ in range(3):
        venue.test("dave", "webhook", expect=None if _ < 2 else 429)


def keep_out(venue, hook):
    """Webhooks reach no private address unless the venue says so; without a mail server nobody is promised mail."""
    venue.stop()
    venue.start()
    taken = len(hook.taken)
    venue.test("dave", "webhook")
    told = lambda: venue.notifications("dave")["deliveries"][0]
    eventually(lambda: told()["state"] == "failed", "the refusal")
    equal(told()["problem"], "127.0.0.1 is not a public address", "why")
    venue.wish("bob", webhook=hook.url.replace("127.0.0.1", "2130706433"))
    venue.test("bob", "webhook")
    eventually(lambda: venue.notifications("bob")["deliveries"][0]["state"] == "failed", "the same by another spelling")
    equal(len(hook.taken), taken, "requests that came all the same")
    equal(venue.notifications("bob")["mailAvailable"], False, "mail without a server")
    equal(venue.wish("bob", mail="bob@example.test", expect=422)["code"], "mailUnavailable", "mail without a server")


def encrypt(venue, folder):
    """STARTTLS and a password; never a password in the clear."""
    chain, context = certificate(folder)
    safe, plain = MailServer(), MailServer()
    safe.start(tls_context=context, require_starttls=True, auth_required=True, authenticator=safe.authenticate)
    plain.start()
    sign_in = ["--mail-from", "risk@venue.test", "--smtp-user", "venue", "--smtp-ca", chain]
    venue.stop()
    venue.start("--smtp-url", f"smtp://127.0.0.1:{plain.port}", *sign_in)
    venue.test("carol", "mail")
    told = lambda: venue.notifications("carol")["deliveries"][0]
    eventually(lambda: told()["attempts"] > 0, "an attempt")
    equal((told()["state"], plain.taken), ("waiting", []), "mail to a server that does not encrypt")
    venue.stop()
    venue.start("--smtp-url", f"smtp://127.0.0.1:{safe.port}", *sign_in)
    eventually(lambda: safe.to("carol"), "the test over TLS")
    equal(safe.users, [("venue", "the mail's password")], "who signed in")
    safe.stop()
    plain.stop()


def back_up(venue, folder):
    copied = subprocess.run([BINARY, "backup", venue.data, folder + "/copy"], check=True, capture_output=True, text=True)
    check("notices.sqlite" in copied.stdout and pathlib.Path(folder, "copy", "notices.sqlite").exists(), copied.stdout)


with tempfile.TemporaryDirectory() as folder:
    mails, hook, venue = MailServer(), Webhook(), Program(folder)
    mails.start()
    options = ["--smtp-url", f"smtp://127.0.0.1:{mails.port}", "--mail-from", "risk@venue.test", "--page-url",
               "https://venue.test/", "--allow-private-webhooks"]
    venue.start(*options)
    try:
        furnish(venue)
        for step, arguments in (
                (wish, (mails, hook)), (be_warned, (mails, hook)), (start_again, (mails, hook, options)),
                (lose_the_mail_server, (mails, options)), (be_killed, (mails, options)), (be_liquidated, (mails, hook)),
                (change_minds, (mails, hook)), (back_up, (folder,)), (keep_out, (hook,)), (encrypt, (folder,))):
            start = time.time()
            step(venue, *arguments)
            print(f"{step.__name__}: {time.time() - start:.1f} s", flush=True)
        venue.stop()
    except BaseException:
        print(open(venue.said).read(), *[f"{each['To']}: {each['Subject']}" for each in mails.taken], hook.taken, sep="\n")
        venue.kill()
        raise
print("ok")
