"""Settings: one file, read once at the edge; every key is known, and a bad value says so."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_config_path, user_data_path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.errors import SettingsError
from pipeline.subscription import Frequency, Schedule, Subscription

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError('a time zone such as "America/New_York"') from error
    return name


def _web_address(address: str) -> str:
    if not address.startswith(("http://", "https://")):
        raise ValueError("an address that begins with http:// or https://")
    return address.rstrip("/")


def _secure(address: str) -> str:
    if address and not address.startswith("https://"):
        raise ValueError('an address that begins with https://, or ""')
    return address.rstrip("/")


def _reachable(contact: str) -> str:
    if contact and "@" not in contact and "://" not in contact:
        raise ValueError("an e-mail or web address, such as office@example-law.com")
    return contact


def _mail_address(address: str) -> str:
    local, at, host = address.rpartition("@")
    if not (local and at and host) or any(sign.isspace() for sign in address):
        raise ValueError("an e-mail address such as ana@example.com")
    return address


def _in_order(closure: tuple[date, date]) -> tuple[date, date]:
    first, last = closure
    if last < first:
        raise ValueError("a first day and a last day, in that order")
    return closure


Zone = Annotated[str, AfterValidator(_zone)]
Rhythm = Literal["at once", "daily", "weekly", "monthly"]
Hour = Annotated[int, Field(ge=0, le=23)]
Day = Annotated[int, Field(ge=1, le=28)]  # of a month: every month has it
Closure = Annotated[tuple[date, date], AfterValidator(_in_order)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Data(_Section):
    """Where everything is kept."""

    folder: str = ""


class Crawl(_Section):
    """How publishers are asked."""

    contact: Annotated[str, AfterValidator(_reachable)] = ""
    timeout: float = Field(default=60.0, gt=0, le=600)
    max_megabytes: float = Field(default=50.0, gt=0, le=1000)
    retries: int = Field(default=3, ge=0, le=10)
    backoff: float = Field(default=5.0, gt=0, le=600)
    patience: float = Field(default=300.0, ge=0, le=86_400)


class Source(_Section):
    """One source, where it should differ from what its author stated.

    `enabled` unset: on, unless its real pages were never recorded. `full_every_days` counts between
    readings of a whole source of which it is enough to look at what was announced; 0: never enough.
    """

    enabled: bool | None = None
    full_every_days: int | None = Field(default=None, ge=0, le=365)
    delay: float | None = Field(default=None, ge=0, le=3600)
    floor: int | None = Field(default=None, ge=0)
    ceiling: int | None = Field(default=None, ge=0)
    options: dict[str, Any] = {}


class Index(_Section):
    """Where passages are kept and what embeds them."""

    database_url: str = ""
    chroma_url: str = ""
    model: str = Field(default="all-MiniLM-L6-v2", min_length=1)


class Search(_Section):
    """An office's own thesaurus, and a cross-encoder that orders anew what answers a question: a
    folder, or its name in the local Hugging Face cache; "": none."""

    thesaurus: str = ""
    reranker: str = ""


class Topics(_Section):
    """An office's own topics, and whether meaning is asked where words find none."""

    file: str = ""
    meaning: bool = True


class Digest(_Section):
    """When periods end, where a subscription says nothing else."""

    frequency: Rhythm = "weekly"
    zone: Zone = "America/New_York"
    weekday: Weekday = "monday"
    day: Day = 1
    hour: Hour = 0
    on_holidays: bool = True

    @property
    def weekday_number(self) -> int:
        """As `datetime.weekday` counts: Monday is 0."""
        return get_args(Weekday).index(self.weekday)


class Calendar(_Section):
    """When federal offices were closed beside weekends and holidays: first and last day of each."""

    lapses: tuple[Closure, ...] = (
        (date(2018, 12, 22), date(2019, 1, 25)),
        (date(2025, 10, 1), date(2025, 11, 12)),
    )


class Mail(_Section):
    """How digests leave."""

    transport: Literal["file", "smtp"] = "file"
    folder: str = ""
    sender: MailAddress = "lexwatch@localhost"
    sender_name: str = "lexwatch"
    list_id: str = "digest.lexwatch.localhost"
    unsubscribe: str = ""
    host: str = "localhost"
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""


class Web(_Section):
    """Where a reverse proxy shows to the world what mail programs must reach: an https address, ""
    for nowhere."""

    address: Annotated[str, AfterValidator(_secure)] = ""
    port: int = Field(default=8765, ge=1, le=65535)


class Reminders(_Section):
    """How many days before a date falls due its readers are reminded of it; none: never."""

    days: tuple[Annotated[int, Field(ge=0, le=365)], ...] = (14, 3)


class Channel(_Section):
    """One way out beside mail: an Apprise address, or the environment variable that holds it."""

    url: str = ""
    env: str = ""


class Cle(_Section):
    """Defaults of a CLE packet."""

    minutes: int = Field(default=60, ge=15, le=600)
    jurisdiction: str = ""
    folder: str = ""


class Watch(_Section):
    """Who wants what: one table under [[subscriptions]]; what is None is as [digest] has it."""

    reader: str = Field(min_length=1, max_length=200)
    address: MailAddress
    name: str = ""
    topics: list[str] = []
    sources: list[str] = []
    classes: list[
        Literal["substantive", "editorial", "metadata", "negative treatment", "litigation"]
    ] = []
    authorities: list[str] = []
    words: str = ""
    meaning: str = ""
    threshold: float = Field(default=0.5, ge=0, le=1)
    frequency: Rhythm | None = None
    zone: Zone | None = None
    weekday: Weekday | None = None
    day: Day | None = None
    hour: Hour | None = None
    on_holidays: bool | None = None
    urgent_at_once: bool = False
    plain_text: bool = False
    channels: list[str] = ["mail"]
    matter: str = ""
    note: str = ""
    shown_on: list[str] = []

    def subscription(self, usual: Digest) -> Subscription:
        """What it asks for."""
        asked = self.model_dump(exclude=set(Digest.model_fields))
        given = {name: getattr(self, name) for name in Digest.model_fields}
        when = usual.model_copy(update={name: v for name, v in given.items() if v is not None})
        schedule = {**when.model_dump(), "frequency": Frequency(when.frequency)}
        schedule["weekday"] = when.weekday_number
        listed = {name: tuple(v) if isinstance(v, list) else v for name, v in asked.items()}
        return Subscription(**listed, schedule=Schedule(**schedule))


class Settings(_Section):
    """Everything that can be set, with its default."""

    data: Data = Data()
    crawl: Crawl = Crawl()
    origins: dict[WebAddress, WebAddress] = {}
    sources: dict[str, Source] = {}
    index: Index = Index()
    search: Search = Search()
    topics: Topics = Topics()
    digest: Digest = Digest()
    calendar: Calendar = Calendar()
    mail: Mail = Mail()
    web: Web = Web()
    reminders: Reminders = Reminders()
    channels: dict[str, Channel] = {}
    cle: Cle = Cle()
    subscriptions: list[Watch] = []

    @property
    def folder(self) -> Path:
        """Where everything is kept."""
        return Path(self.data.folder).expanduser() if self.data.folder else _data_path()

    @property
    def mail_folder(self) -> Path:
        return _within(self.folder, self.mail.folder, "digests")

    @property
    def feeds_folder(self) -> Path:
        """Where calendars and feeds are written."""
        return self.folder / "feeds"

    @property
    def cle_folder(self) -> Path:
        return _within(self.folder, self.cle.folder, "cle")

    @property
    def topics_file(self) -> Path | None:
        """The office's own topics; None where there are none."""
        return Path(self.topics.file).expanduser() if self.topics.file else None

    @property
    def thesaurus_file(self) -> Path | None:
        """The office's own thesaurus; None where there is none."""
        return Path(self.search.thesaurus).expanduser() if self.search.thesaurus else None

    @property
    def database_url(self) -> str:
        return self.index.database_url or f"sqlite:///{self.folder / 'lexwatch.db'}"


class Secrets(BaseSettings):
    """What must not stand in a file: read from LEXWATCH_… in the environment."""

    model_config = SettingsConfigDict(env_prefix="LEXWATCH_", frozen=True)

    smtp_password: SecretStr = SecretStr("")


def load(path: Path | None = None) -> Settings:
    """Read the settings file: the one named, else the user's, else ./config.toml, else defaults."""
    found = find(path)
    if found is None:
        return Settings()
    try:
        with found.open("rb") as file:
            given = tomllib.load(file)
    except OSError as error:
        raise SettingsError(f"{found} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{found} is not valid TOML: {error}") from error
    try:
        return _placed(Settings.model_validate(given), found)
    except ValidationError as error:
        problems = "\n".join(f"  {_explain(problem)}" for problem in error.errors())
        raise SettingsError(f"{found}:\n{problems}") from error


def _placed(settings: Settings, source: Path) -> Settings:
    """The settings with an office's own files sought beside the file that names them, wherever the
    command is run."""
    folder = source.absolute().parent
    placed: dict[str, BaseModel] = {}
    if settings.topics_file:
        file = str(folder / settings.topics_file)
        placed["topics"] = settings.topics.model_copy(update={"file": file})
    if settings.thesaurus_file:
        file = str(folder / settings.thesaurus_file)
        placed["search"] = settings.search.model_copy(update={"thesaurus": file})
    return settings.model_copy(update=placed)


def find(path: Path | None = None) -> Path | None:
    """The settings file that `load` reads; None where there is none."""
    if path is not None:
        if not path.is_file():
            raise SettingsError(f"there is no settings file {path}: check --config")
        return path
    usual = (user_config_path("lexwatch", appauthor=False) / "config.toml", Path("config.toml"))
    return next((candidate for candidate in usual if candidate.is_file()), None)


def _data_path() -> Path:
    return user_data_path("lexwatch", appauthor=False)


def _within(folder: Path, given: str, name: str) -> Path:
    return Path(given).expanduser() if given else folder / name


def _explain(problem: Any) -> str:
    """One problem in words: the key, the value, and what is allowed."""
    place = [str(part) for part in problem["loc"]]
    key = ".".join(place)
    if problem["type"] == "extra_forbidden":
        from rapidfuzz import process  # noqa: PLC0415 - settings without a slip need none

        allowed = _keys(place[:-1])
        near = process.extractOne(place[-1], allowed, score_cutoff=60)
        hint = f"; did you mean {near[0]}?" if near else ""
        return f"{key}: unknown setting{hint} Allowed here: {', '.join(allowed)}".replace(
            "setting Allowed", "setting. Allowed"
        )
    if problem["type"] == "missing":
        return f"{key}: missing, and needed"
    wanted = problem.get("ctx", {}).get("error") or problem["msg"].removeprefix("Input should be ")
    return f"{key} = {problem['input']!r}: allowed is {wanted}"


def _keys(place: list[str]) -> list[str]:
    """The settings allowed in a section, named by its path."""
    sections: dict[str, type[BaseModel]] = {
        "sources": Source,
        "subscriptions": Watch,
        "channels": Channel,
    }
    shape: type[BaseModel] = Settings
    for part in place:
        if part in sections:
            shape = sections[part]
        elif shape is Settings:
            shape = type(getattr(Settings(), part))
    return list(shape.model_fields)
