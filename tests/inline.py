"""What a page would have to be allowed to do beyond `script-src 'self'; style-src 'self'`."""

from html.parser import HTMLParser


class _Inline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        data = given.get("type") in {"application/json", "text/template"}
        if tag == "style" or (tag == "script" and not given.get("src") and not data):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.found += [f"{tag} {url}" for url in given.values() if url and url.startswith("javascript:")]


def inline(page: str) -> list[str]:
    """The styles, scripts and handlers that stand in the page itself."""
    parser = _Inline()
    parser.feed(page)
    return parser.found
