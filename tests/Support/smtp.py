"""A mail server for the tests: takes mails, or answers as the file `answers` in its folder says, read anew for every recipient.

Each line of `answers` is: RECIPIENT REPLY, the recipient * meaning any; MAIL in its place is the answer to senders. A recipient's reply
`wait SECONDS` is a yes after so long. What is taken is written as JSON, read by Python's own mail parser, so that somebody else than the
sender says what is in it. Arguments: folder, port, user or -, password (or access token) or -, PEM file or -, `implicit` where encryption
begins with the first byte.
"""
import asyncio
import base64
import email
import email.policy
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

folder, port, user, password, pem, begin = sys.argv[1:7]
taken = 0
lines = 0


def reply(recipient):
    try:
        with open(os.path.join(folder, "answers"), encoding="utf-8") as answers:
            for line in answers:
                who, _, words = line.strip().partition(" ")
                if who == recipient or who == "*" and recipient != "MAIL":
                    return words
    except FileNotFoundError:
        pass
    return None


class Taking:
    async def handle_MAIL(self, server, session, envelope, address, options):
        words = reply("MAIL")
        if words:
            return words
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        with open(os.path.join(folder, "asked"), "a", encoding="utf-8") as asked:
            asked.write(address + "\n")
        words = reply(address)
        if words and words.startswith("wait "):
            await asyncio.sleep(float(words.split()[1]))
        elif words:
            return words
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        global taken
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
        seen = {
            "from": mail["From"], "to": envelope.rcpt_tos, "subject": mail["Subject"], "messageId": mail["Message-ID"],
            "autoSubmitted": mail["Auto-Submitted"], "date": mail["Date"],
            "type": mail.get_content_type(), "text": parts.get("text/plain"), "html": parts.get("text/html"),
            "tls": server.transport.get_extra_info("sslcontext") is not None, "signedIn": bool(session.authenticated),
            "line": session.line,
        }
        taken += 1
        path = os.path.join(folder, f"{taken:06}")
        with open(path + ".new", "w", encoding="utf-8") as out:
            json.dump(seen, out)
        os.rename(path + ".new", path + ".json")
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login.decode() == user and data.password.decode() == password)


class Line(SMTP):
    def connection_made(self, transport):
        global lines
        super().connection_made(transport)
        if not self._over_ssl:
            lines += 1
        self.session.line = lines

    async def auth_XOAUTH2(self, server, args):
        """As Microsoft 365 and Google do it: what is wrong comes as a challenge, which the client answers with nothing."""
        said = base64.b64decode(args[1]).decode()
        with open(os.path.join(folder, "tokens"), "a", encoding="utf-8") as tokens:
            tokens.write(said.replace("\1", "|") + "\n")
        if said == f"user={user}\1auth=Bearer {password}\1\1":
            return AuthResult(success=True, auth_data=user)
        await self.challenge_auth('{"status":"401","schemes":"bearer"}')
        return AuthResult(success=False, handled=False)


async def main():
    options = {"hostname": "mail.test", "enable_SMTPUTF8": True}
    context = None
    if pem != "-":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
    implicit = begin == "implicit"
    if context and not implicit:
        options.update(tls_context=context, require_starttls=True)
    if user != "-":
        options.update(authenticator=authenticate, auth_required=True, auth_require_tls=context is not None and not implicit)
    server = await asyncio.get_running_loop().create_server(lambda: Line(Taking(), **options), "127.0.0.1", int(port),
        ssl=context if implicit else None)
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(main())
