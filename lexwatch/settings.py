"""Settings: one file, read once at the edge; every key is known, and a bad value says so."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from platformdirs import user_config_path, user_data_path
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from lexwatch.allowed import (
    ClassName,
    Closure,
    Contact,
    Day,
    FrequencyName,
    Hour,
    Line,
    MailAddress,
    Nearness,
    SecureAddress,
    Text,
    WebAddress,
    Weekday,
    Zone,
)
from lexwatch.mistakes import explain
from pipeline.errors import SettingsError
from pipeline.subscription import FEED, MAIL, Frequency, Schedule, Subscription


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Data(_Section):
    """Where everything is kept."""

    folder: str = ""


class Crawl(_Section):
    """How publishers are asked."""

    contact: Contact = ""
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

    frequency: FrequencyName = "weekly"
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

    address: SecureAddress = ""
    port: int = Field(default=8765, ge=1, le=65535)


class Reminders(_Section):
    """How many days before a date falls due its readers are reminded of it; none: never."""

    days: tuple[Annotated[int, Field(ge=0, le=365)], ...] = (14, 3)


def _channel_name(name: str) -> str:
    if name in (MAIL, FEED) or not re.fullmatch("[a-z0-9_-]{1,64}", name):
        raise ValueError(f"small letters, digits, - and _, and neither {MAIL} nor {FEED}")
    return name


ChannelName = Annotated[str, AfterValidator(_channel_name)]


class Channel(_Section):
    """One way out beside mail: an Apprise address, or the environment variable that holds it."""

    url: str = Field(default="", repr=False)  # such addresses contain passwords
    env: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.url) == bool(self.env):
            raise ValueError("either url or env: the address, or what holds it in the environment")
        return self


class Cle(_Section):
    """Defaults of a CLE packet; `jurisdictions` is an office's own file of credit rules."""

    minutes: int = Field(default=60, ge=15, le=600)
    jurisdiction: str = ""
    jurisdictions: str = ""
    folder: str = ""


class Watch(_Section):
    """Who wants what: one table under [[subscriptions]]; what is None is as [digest] has it."""

    reader: Annotated[Line, Field(min_length=1)]
    address: MailAddress
    name: Line = ""
    topics: list[str] = []
    sources: list[str] = []
    classes: list[ClassName] = []
    authorities: list[str] = []
    words: Text = ""
    meaning: Text = ""
    threshold: Nearness = 0.5
    frequency: FrequencyName | None = None
    zone: Zone | None = None
    weekday: Weekday | None = None
    day: Day | None = None
    hour: Hour | None = None
    on_holidays: bool | None = None
    urgent_at_once: bool = False
    plain_text: bool = False
    channels: list[str] = ["mail"]
    matter: Line = ""
    note: Text = ""
    shown_on: list[str] = []

    def subscription(self, usual: Digest) -> Subscription:
        """What it asks for."""
        asked = self.model_dump(exclude=set(Digest.model_fields))
        given = {name: getattr(self, name) for name in Digest.model_fields}
        when = usual.model_copy(update={name: v for name, v in given.items() if v is not None})
        schedule = {**when.model_dump(), "frequency": Frequency(when.frequency)}
        schedule["weekday"] = when.weekday_number
        listed: dict[str, Any] = {
            name: tuple(v) if isinstance(v, list) else v for name, v in asked.items()
        }
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
    channels: dict[ChannelName, Channel] = {}
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
    def jurisdictions_file(self) -> Path | None:
        """The office's own rules of CLE credit; None where there are none."""
        return Path(self.cle.jurisdictions).expanduser() if self.cle.jurisdictions else None

    @property
    def database_url(self) -> str:
        return self.index.database_url or f"sqlite:///{self.folder / 'lexwatch.db'}"


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
        told = (f"  {explain(problem, given, Settings)}" for problem in error.errors())
        # Without its cause: pydantic's own words repeat what was given, and logs show causes.
        raise SettingsError("\n".join((f"{found}:", *told))) from None


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
    if settings.jurisdictions_file:
        file = str(folder / settings.jurisdictions_file)
        placed["cle"] = settings.cle.model_copy(update={"jurisdictions": file})
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
