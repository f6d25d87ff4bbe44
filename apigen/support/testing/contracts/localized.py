"""A resource whose texts are in several languages: which is shown, and which is written."""

from typing import ClassVar

from ...core.json import Json
from ..api_client import ApiClient, assert_problem
from ..cases import ResourceCase
from ..rows import Rows

_UNKNOWN = "qqx"
"""A locale that no project has: private use."""


class LocalizedContract:
    """Texts by locale: shown by Accept-Language and `locale`, written by Content-Language."""

    case: ClassVar[ResourceCase]

    @property
    def default(self) -> str:
        """The default locale."""
        return self.case.locales[0]

    async def stored(self, rows: Rows) -> tuple[dict[str, Json], str, str]:
        """Store a row; return it, the name of a localized field, and its text."""
        row = await rows.stored(self.case.entity)
        name = next(name for name in self.case.localized if isinstance(row[name], str))
        return row, name, str(row[name])

    async def test_answer_tells_its_language(self, client: ApiClient, rows: Rows) -> None:
        """The default one where none suits; caches learn what it depends on."""
        row, name, text = await self.stored(rows)

        for accepted in ("", "*", _UNKNOWN, f"{self.default}-x-any;q=0.5", "no;language"):
            answer = await client.get(self.case.item(row), headers={"accept-language": accepted})

            assert answer.json()[name] == text
            assert answer.headers["content-language"] == self.default
            assert "Accept-Language" in answer.headers["vary"]

    async def test_all_texts_can_be_read(self, client: ApiClient, rows: Rows) -> None:
        """`locale=all` shows an object; a locale that is not there is refused."""
        row, name, text = await self.stored(rows)

        every = await client.get(self.case.item(row), query="locale=all")

        assert every.json()[name] == {self.default: text}
        assert every.headers["content-language"] == ", ".join(self.case.locales)
        refused = await client.get(self.case.item(row), query=f"locale={_UNKNOWN}")
        assert_problem(refused, 422, field="locale")

    async def test_text_is_written_in_its_language(self, client: ApiClient, rows: Rows) -> None:
        """A plain text is that of Content-Language; the others stay, and null takes one away."""
        row, name, text = await self.stored(rows)
        item, other = self.case.item(row), str(self.case.entity.samples[-1][name])
        for locale in self.case.locales[1:]:
            spoken = {"accept-language": locale}

            changed = await client.send(
                "PATCH", item, {name: other}, headers={"content-language": locale}
            )

            assert changed.status_code == 200, changed.text
            shown = await client.get(item, headers=spoken)
            assert shown.json()[name] == other
            assert shown.headers["content-language"] == locale
            every = await client.get(item, query="locale=all")
            assert every.json()[name] == {self.default: text, locale: other}
            if self.case.etag:
                assert shown.headers["etag"] != every.headers["etag"]
            await client.send("PATCH", item, {name: {locale: None}})
            left = await client.get(item, query="locale=all")
            assert left.json()[name] == {self.default: text}

    async def test_unknown_languages_are_refused(self, client: ApiClient, rows: Rows) -> None:
        """422, with the field, for a locale that the project does not have."""
        row, name, text = await self.stored(rows)
        item = self.case.item(row)

        by_header = await client.send(
            "PATCH", item, {name: text}, headers={"content-language": _UNKNOWN}
        )
        by_name = await client.send("PATCH", item, {name: {_UNKNOWN: text}})

        assert_problem(by_header, 422, field=name)
        assert_problem(by_name, 422, field=name)

    async def test_default_text_stays(self, client: ApiClient, rows: Rows) -> None:
        """422 for a change that would leave other languages without it."""
        row, name, _ = await self.stored(rows)

        refused = await client.send("PATCH", self.case.item(row), {name: {self.default: None}})

        assert_problem(refused, 422, field=name)
