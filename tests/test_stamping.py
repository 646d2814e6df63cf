"""Time stamps: an authority made of openssl signs the chain's head, and that is checked."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import missing
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from publisher import NOW, page
from pydantic import ValidationError
from servers import Answer, Asked, Publisher
from sqlalchemy import text
from typer.testing import CliRunner

from index import archive, custody, runs
from index.custody import Stamp
from index.database import Database
from lexwatch import settings
from lexwatch.app import App
from lexwatch.cli import cli
from lexwatch.record import stamping
from lexwatch.record.stamping import Trusted
from lexwatch.settings import Record
from pipeline.custody import FIRST, Capture, link
from pipeline.errors import SettingsError, StampError

OPENSSL = shutil.which("openssl")
SETTINGS = """
[tsa]
dir = {0}
serial = {0}/serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the authority's key, its certificate, that of its root, and its settings."""
    if OPENSSL is None:
        missing("openssl is not installed: nobody can sign", needed="openssl")
    folder = tmp_path_factory.mktemp("authority")
    root, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    signed = {
        "root.pem": _certificate("Sample root", root, "Sample root", root, is_root=True),
        "tsa.pem": _certificate("Sample authority", own, "Sample root", root, is_root=False),
        "other.pem": _certificate("Other root", own, "Other root", own, is_root=True),
    }
    for name, certificate in signed.items():
        (folder / name).write_bytes(certificate.public_bytes(Encoding.PEM))
    key = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(key)
    (folder / "tsa.cnf").write_text(SETTINGS.format(folder), encoding="utf-8")
    (folder / "serial").write_text("01\n", encoding="utf-8")
    return folder


@pytest.fixture
def server() -> Iterator[Publisher]:
    with Publisher() as running:
        yield running


@pytest.fixture
def stamped(authority: Path, capture: Capture) -> Stamp:
    with Publisher({"/tsr": signing(authority)}) as running:
        return stamping.ask(f"{running.base}/tsr", capture, trusting(authority))


@pytest.fixture
def capture() -> Capture:
    return link(page({"a": "One."}, NOW), 1, FIRST)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    by: ec.EllipticCurvePrivateKey,
    *,
    is_root: bool,
) -> x509.Certificate:
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, n)]) for n in (issuer, name)]
    start = datetime(2020, 1, 1, tzinfo=UTC)
    number = x509.random_serial_number()
    made = x509.CertificateBuilder(
        names[0], names[1], key.public_key(), number, start, start.replace(year=2060)
    ).add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
    if not is_root:
        use = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(use, critical=True)
    return made.sign(by, hashes.SHA256())


def signing(folder: Path) -> Callable[[Asked], Answer]:
    """What the authority answers."""

    def answer(asked: Asked) -> Answer:
        (folder / "query").write_bytes(asked.body)
        subprocess.run(
            [
                *(str(OPENSSL), "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa"),
                *("-queryfile", "query", "-signer", "tsa.pem", "-inkey", "key.pem"),
                *("-out", "reply"),
            ],
            cwd=folder,
            check=True,
            capture_output=True,
        )
        return Answer(body=(folder / "reply").read_bytes())

    return answer


def trusting(folder: Path, name: str = "root.pem") -> Trusted:
    found = stamping.trusted(folder / name)
    assert found is not None
    return found


def test_an_authority_signs_the_digest_and_is_sent_nothing_else(
    authority: Path, server: Publisher, capture: Capture
) -> None:
    server.routes["/tsr"] = signing(authority)
    given = stamping.ask(f"{server.base}/tsr", capture, trusting(authority))
    assert (given.number, given.digest) == (1, capture.digest)
    assert abs(given.stamped_at - datetime.now(UTC)) < timedelta(minutes=5)
    (asked,) = server.asked
    assert bytes.fromhex(capture.digest) in asked.body and len(asked.body) < 80
    assert stamping.fault(given, trusting(authority)) == ""
    # As anybody else would check it.
    (authority / "given").write_bytes(given.response)
    checked = subprocess.run(
        [
            *(str(OPENSSL), "ts", "-verify", "-digest", capture.digest, "-in", "given"),
            *("-CAfile", "root.pem"),
        ],
        cwd=authority,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "Verification: OK" in checked.stdout + checked.stderr


def test_a_stamp_that_was_altered_or_is_somebody_elses_does_not_hold(
    authority: Path, stamped: Stamp
) -> None:
    by = trusting(authority)
    assert "another digest" in stamping.fault(replace(stamped, digest="00" * 32), by)
    earlier = replace(stamped, stamped_at=stamped.stamped_at - timedelta(days=1))
    assert "another moment" in stamping.fault(earlier, by)
    assert "no time stamp" in stamping.fault(replace(stamped, response=b"x"), by)
    forged = bytearray(stamped.response)
    forged[-5] ^= 1  # in the signature
    assert "signature does not hold" in stamping.fault(replace(stamped, response=bytes(forged)), by)
    others = trusting(authority, "other.pem")
    assert "signature does not hold" in stamping.fault(stamped, others)


def test_an_answer_to_another_question_is_refused(
    authority: Path, server: Publisher, stamped: Stamp, capture: Capture
) -> None:
    server.routes["/tsr"] = Answer(body=stamped.response)
    with pytest.raises(StampError, match="answers another question"):
        stamping.ask(f"{server.base}/tsr", capture, trusting(authority))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(status=302, headers={"Location": "http://169.254.169.254/"}), "status 302"),
        (Answer(status=500), "status 500"),
        (Answer(body=b"<html>no</html>"), "no time stamp"),
        (Answer(body=b"x" * 200_000), "more than a time stamp"),
        (Answer(body=bytes.fromhex("30073005020102")), "no time stamp"),
        (Answer(body=bytes.fromhex("30053003020102")), "it refused"),
    ],
)
def test_what_is_no_time_stamp_is_said_and_nobody_else_is_asked(
    server: Publisher, capture: Capture, answer: Answer, said: str
) -> None:
    server.routes["/tsr"] = answer
    with pytest.raises(StampError, match=said):
        stamping.ask(f"{server.base}/tsr", capture, None)
    assert server.paths() == ["/tsr"]


@pytest.mark.parametrize("address", ["http://example.gov/tsr", "file:///etc/passwd", "https://"])
def test_only_https_is_asked_but_on_this_machine(address: str) -> None:
    with pytest.raises(ValidationError, match="begins with https"):
        Record(time_stamp_authority=address)
    for allowed in ("", "https://example.gov/tsr/", "http://127.0.0.1:9/"):
        assert Record(time_stamp_authority=allowed).time_stamp_authority == allowed


def test_a_file_without_a_root_is_refused(authority: Path, tmp_path: Path) -> None:
    for name, said in (("tsa.pem", "has no root"), ("serial", "no certificates"), ("x", "No such")):
        with pytest.raises(SettingsError, match=said):
            stamping.trusted(authority / name)
    assert stamping.trusted(None) is None


def test_the_head_is_stamped_kept_and_proved_with_the_chain(
    authority: Path, server: Publisher, tmp_path: Path
) -> None:
    server.routes["/tsr"] = signing(authority)
    config = tmp_path / "config.toml"
    config.write_text(
        f'[data]\nfolder = "{tmp_path}"\n[record]\ntime_stamp_authority = "{server.base}/tsr"\n'
        f'certificates = "{authority / "root.pem"}"\n',
        encoding="utf-8",
    )
    database = App(settings.load(config)).database
    kept = archive.Archive(database, runs.begin_run(database, "sample", NOW).id)
    kept.keep(page({"a": "One."}, NOW))

    def said(*words: str) -> str:
        return str(CliRunner().invoke(cli, ["--config", str(config), *words]).stdout)

    assert "its signature holds. Nothing but that digest was sent." in said("verify", "--stamp")
    assert "over capture 1: signature holds." in said("verify", "--page", "1")
    assert "The chain is whole" in said("verify")
    _rewrite(database)
    broken = said("verify")
    assert "an outside authority signed another digest" in broken and "DOES NOT HOLD" in broken


def _rewrite(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE page SET status = 404"))
        connection.execute(text("DELETE FROM capture"))
        custody.chain_held(connection)
