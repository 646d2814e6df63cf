"""What must not stand in a file."""

from __future__ import annotations

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Secrets(BaseSettings):
    """Read from LEXWATCH_… in the environment."""

    model_config = SettingsConfigDict(env_prefix="LEXWATCH_", frozen=True)

    smtp_password: SecretStr = SecretStr("")
    signing_key: SecretStr = SecretStr("")
