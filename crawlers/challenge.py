"""Recognise a bot wall: a page that asks whether its reader is human is a block, never content."""

from __future__ import annotations

import re
from codecs import BOM_UTF8

from pipeline.model import Page
from pipeline.normalise import normalise, parse

# Headers by which content networks say themselves that an answer is a challenge.
HEADERS = {"cf-mitigated": ("challenge",), "x-amzn-waf-action": ("challenge", "captcha")}

# Markup that stands only on interstitials. Scripts that the same networks also put on ordinary
# pages (reCAPTCHA, challenge-platform, Incapsula's loader) prove nothing.
MARKUP = (
    *(b'id="sec-cpt-if"', b"sec-if-cpt-container", b"cp_clge_done"),  # Akamai
    *(b"_cf_chl_opt", b"cf-browser-verification"),  # Cloudflare
    *(b"AwsWafIntegration.getToken", b"awsWafCookieDomainList"),  # AWS WAF
    *(b'id="px-captcha"', b"/.within.website/x/cmd/anubis/"),  # HUMAN; Anubis
)

TITLES = re.compile(
    r"challenge validation|challenge page|just a moment\W*|attention required\W.*|access denied"
    r"|robot check|human verification|security (check|verification)|bot verification"
    r"|pardon our interruption\W*|i(’|'| a)m not a robot\W*",
    re.IGNORECASE,
)

WORDS = re.compile(
    r"i(’|'| a)m not a robot|(verify|confirm|prove|check) (that )?you('re|’re| are) "
    r"(not a (ro)?bot|(a )?human)|verifying you are human"
    # federalregister.gov's and ecfr.gov's own wall, served with status 200
    r"|programmatic access to these sites is limited|complete the captcha",
    re.IGNORECASE,
)

# Bounded, as crawled text is hostile.
TITLE = re.compile(rb"<title\b[^<>]{0,200}>([^<]{0,300})</title", re.IGNORECASE)
STEMS = re.compile(rb"\b(?:(?:ro)?bot|human|programmatic|captcha)\b", re.IGNORECASE)

LARGEST_WALL = 50_000  # bytes; a page beyond this is searched for markup and title only
LONGEST_WALL = 2_500  # characters shown; a longer text that speaks of robots is about them


def find(page: Page) -> str:
    """Give the sign by which a page is a bot wall, "" for any other page. The status proves
    nothing: walls have come with 200, 401 and 403."""
    for name, value in page.headers.items():
        if any(sign in value.lower() for sign in HEADERS.get(name.lower(), ())):
            return f"header {name}: {value}"
    if not page.body.removeprefix(BOM_UTF8).lstrip().startswith(b"<"):
        return ""
    for sign in MARKUP:
        if sign in page.body:
            return f"markup {sign.decode()}"
    return _title(page) or _words(page)


def _title(page: Page) -> str:
    stated = TITLE.search(page.body)
    title = normalise(parse(stated[1], page.headers).get_text()) if stated else ""
    return f"title “{title}”" if TITLES.fullmatch(title) else ""


def _words(page: Page) -> str:
    """Parsing is dear: only a small page that holds one of the words is worth it."""
    if len(page.body) > LARGEST_WALL or not STEMS.search(page.body):
        return ""
    shown = normalise(parse(page.body, page.headers).get_text(" "))
    match = WORDS.search(shown) if len(shown) <= LONGEST_WALL else None
    return f"words “{match[0]}”" if match else ""
