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
    PrivateAttr,
    ValidationError,
    model_validator,
)

from lexwatch.allowed import (
    ClassName,
    Closure,
    Contact,
    CronLines,
    Day,
    FrequencyName,
    Hour,
    Line,
    MailAddress,
    Nearness,
    SecureAddress,
    StampAddress,
    Text,
    WebAddress,
    Weekday,
    Zone,
    mail_address,
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
    for nowhere; the port of this machine, and how many processes answer at it."""

    address: SecureAddress = ""
    port: int = Field(default=8765, ge=1, le=65535)
    workers: int = Field(default=2, ge=1, le=16)


def _address(given: str) -> str:
    return mail_address(given) if given else ""


class Operator(_Section):
    """Who looks after this installation, and from when on they are told that something ails.

    `after` is how often in a row a source must fail, `backup_days` from when on a backup is missed
    (0: never); of one trouble there is one mail in `repeat_days`.
    """

    address: Annotated[str, AfterValidator(_address)] = ""
    channel: str = ""
    after: int = Field(default=3, ge=1, le=100)
    repeat_days: int = Field(default=1, ge=1, le=30)
    backup_days: int = Field(default=3, ge=0, le=365)


class Log(_Section):
    """How much is logged, and how much of it is kept: so many files of so many megabytes."""

    level: Literal["debug", "info", "warning"] = "info"
    megabytes: float = Field(default=10.0, gt=0, le=1000)
    files: int = Field(default=5, ge=1, le=100)


class Reminders(_Section):
    """How many days before a date falls due its readers are reminded of it; none: never."""

    days: tuple[Annotated[int, Field(ge=0, le=365)], ...] = (14, 3)


def _channel_name(name: str) -> str:
    if name in (MAIL, FEED) or not re.fullmatch("[a-z0-9_-]{1,64}", name):
        raise ValueError(f"small letters, digits, - and _, and neither {MAIL} nor {FEED}")
    return name


def _recipient(given: str) -> str:
    if given and not re.fullmatch("age1[02-9ac-hj-np-z]{58}", given):
        raise ValueError("a public key of age (age1…), or : `lexwatch backup --new-key FILE`")
    return given


class Backup(_Section):
    """Where backups go, of how many days, weeks and months they stay, and for whose key (of age)
    they are encrypted; "": for nobody's."""

    folder: str = ""
    keep_daily: int = Field(default=7, ge=1, le=366)
    keep_weekly: int = Field(default=4, ge=0, le=520)
    keep_monthly: int = Field(default=12, ge=0, le=1200)
    recipient: Annotated[str, AfterValidator(_recipient)] = ""


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


class ScheduledJob(_Section):
    """One job of the schedule, where it should differ from what lexwatch plans; times in minutes.

    `grace` is how long after its time it is still made up for.
    """

    enabled: bool | None = None
    cron: CronLines | None = None
    days: Literal["all", "working"] | None = None
    limit: float | None = Field(default=None, gt=0, le=2880)
    grace: float | None = Field(default=None, ge=1, le=44_640)


class Timetables(_Section):
    """What runs by itself, and when; `zone` is that of its cron lines."""

    enabled: bool = True
    zone: Zone = "America/New_York"
    jobs: dict[str, ScheduledJob] = {}


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


class Retention(_Section):
    """For how many days what nobody may have to show is kept; 0: for ever."""

    pages_days: int = Field(default=0, ge=0, le=36_500)
    letters_days: int = Field(default=0, ge=0, le=36_500)
    job_runs_days: int = Field(default=0, ge=0, le=36_500)


class Record(_Section):
    """Who signs, where that is asked for, what moment the chain of captures had come to (RFC 3161),
    and the file of the certificates by which that is checked."""

    time_stamp_authority: StampAddress = ""
    certificates: str = ""


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
    operator: Operator = Operator()
    log: Log = Log()
    backup: Backup = Backup()
    reminders: Reminders = Reminders()
    channels: dict[ChannelName, Channel] = {}
    cle: Cle = Cle()
    schedule: Timetables = Timetables()
    subscriptions: list[Watch] = []
    retention: Retention = Retention()
    record: Record = Record()
    _file: Path | None = PrivateAttr(default=None)

    @property
    def folder(self) -> Path:
        """Where everything is kept."""
        return Path(self.data.folder).expanduser() if self.data.folder else _data_path()

    @property
    def file(self) -> Path | None:
        """The file that these were read from; None where there was none."""
        return self._file

    @property
    def backup_folder(self) -> Path:
        return _within(self.folder, self.backup.folder, "backups")

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
    def certificates_file(self) -> Path | None:
        """Whom the office trusts to sign time stamps; None where nobody is named."""
        return Path(self.record.certificates).expanduser() if self.record.certificates else None

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
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
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
    if settings.certificates_file:
        file = str(folder / settings.certificates_file)
        placed["record"] = settings.record.model_copy(update={"certificates": file})
    found = settings.model_copy(update=placed)
    found._file = source.absolute()
    return found


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
