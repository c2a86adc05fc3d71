"""A private IMAP server (Dovecot): IMAPS with a certificate of a CA of our own, IDLE, MOVE, XOAUTH2 by introspection.

As root it runs its parts as `dovecot` and `dovenull`, as Debian made them; else all as ourselves.
"""

import datetime
import grp
import ipaddress
import os
import pwd
import shutil
import signal
import socket
import ssl
import time
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.servers.ports import HOST, free_port
from tests.servers.run import ROOT, NotStarted, Run

NAME = "dovecot"
PASSWORD = "stille-brievenbus-9"
START_SECONDS = 20.0
CONFIG = """
log_path = {base}/dovecot.log
base_dir = {base}/run
state_dir = {base}/state
{folders}
protocols = imap
listen = 127.0.0.1
default_login_user = {login_user}
default_internal_user = {internal_user}
default_internal_group = {internal_group}
first_valid_uid = 0
last_valid_uid = 0
mail_uid = {uid}
mail_gid = {gid}
mail_location = maildir:{mail}/%u
mail_fsync = never
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{base}/server.pem
ssl_key = <{base}/server.key
auth_failure_delay = 0
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {base}/oauth2.conf
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={mail}/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap {{
  process_limit = 50
}}
mail_max_userip_connections = 50
namespace inbox {{
  inbox = yes
  separator = /
}}
"""
OAUTH = """
introspection_mode = post
introspection_url = http://127.0.0.1:{introspection}/introspect
active_attribute = active
active_value = true
username_attribute = username
"""


@dataclass(frozen=True, slots=True)
class DovecotServer:
    """A running server. `authority` is the file of the CA; `introspection` the port where it asks about tokens."""

    port: int
    plain_port: int
    authority: str
    introspection: int


def dovecot_server(run: Run) -> DovecotServer:
    """The IMAP server of this run, started when it is not there yet. Raises `NotStarted` when it cannot be."""
    return DovecotServer(**run.once(NAME, lambda: _start(run)))


def _start(run: Run) -> dict[str, object]:
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:{ROOT}/.tools/root/usr/sbin")  # noqa: TID251
    if program is None:
        raise NotStarted("Dovecot is not here: `make setup-tests` brings it in.")
    for _ in range(3):
        base = run.server_folder(NAME, os.geteuid())
        base.chmod(0o755)
        server = DovecotServer(free_port(), free_port(), str(base / "ca.pem"), free_port())
        _certificates(base)
        _configure(base, server)
        run.keep(NAME, [program, "-F", "-c", base / "dovecot.conf"], user=os.geteuid(), stop=signal.SIGTERM)
        if _answers(server):
            return {name: getattr(server, name) for name in DovecotServer.__dataclass_fields__}
        log = base / "dovecot.log"
        told = log.read_text(errors="replace")[-2000:] if log.exists() else run.log(NAME)
        run.release(NAME)
    raise NotStarted(f"Dovecot does not start:\n{told}")


def _configure(base: Path, server: DovecotServer) -> None:
    own = pwd.getpwuid(os.geteuid()).pw_name
    root = os.geteuid() == 0
    known = {x.pw_name for x in pwd.getpwall()}
    if root and not {"dovecot", "dovenull"} <= known:
        raise NotStarted("Dovecot does not run as root without its users dovecot and dovenull.")
    mail = base / "mail"
    mail.mkdir(mode=0o777)
    mail.chmod(0o777)
    user = pwd.getpwnam("nobody" if root else own)
    group = grp.getgrgid(pwd.getpwuid(os.geteuid()).pw_gid).gr_name
    unpacked = ROOT / ".tools/root/usr/lib/dovecot"
    folders = (
        f"libexec_dir = {unpacked}\nmail_plugin_dir = {unpacked}/modules\n"
        if unpacked.is_dir() and not Path("/usr/lib/dovecot/imap").exists()
        else ""
    )
    (base / "oauth2.conf").write_text(OAUTH.format(introspection=server.introspection))
    (base / "dovecot.conf").write_text(
        CONFIG.format(
            base=base,
            mail=mail,
            folders=folders,
            login_user="dovenull" if root else own,
            internal_user="dovecot" if root else own,
            internal_group="dovecot" if root else group,
            uid=user.pw_uid,
            gid=user.pw_gid,
            password=PASSWORD,
            port=server.port,
            plain_port=server.plain_port,
        )
    )


def _certificates(base: Path) -> None:
    """A CA and a certificate of it for 127.0.0.1 and localhost."""
    now = datetime.datetime.fromtimestamp(time.time(), datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Dossierkluis tests")])
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def made(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=2))
            .not_valid_after(now + datetime.timedelta(days=30))
        )

    ca = made(name, ca_key.public_key()).add_extension(x509.BasicConstraints(True, None), True)
    ca = ca.add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), False)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(HOST))])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    leaf = made(subject, key.public_key()).add_extension(names, False)
    pem = serialization.Encoding.PEM
    (base / "ca.pem").write_bytes(ca.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    (base / "server.pem").write_bytes(leaf.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    plain = serialization.NoEncryption()
    (base / "server.key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))


def _answers(server: DovecotServer) -> bool:
    deadline = time.monotonic() + START_SECONDS
    context = ssl.create_default_context(cafile=server.authority)
    while time.monotonic() < deadline:
        try:
            with (
                socket.create_connection((HOST, server.port), 2) as raw,
                context.wrap_socket(raw, server_hostname=HOST) as c,
            ):
                if c.recv(4).startswith(b"* OK"):
                    return True
        except OSError:
            time.sleep(0.05)
    return False
