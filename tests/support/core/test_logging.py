"""Log lines are JSON of one shape, whoever writes them, and show no secrets."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from apigen.support.core.logging import configure_logging, mask_secrets
from apigen.support.core.settings import LogFormat, LogSettings


@pytest.fixture(autouse=True)
def _restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    logging.getLogger("uvicorn.access").disabled = False
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_structlog_and_the_standard_library_write_the_same_shape(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(LogSettings())

    with structlog.contextvars.bound_contextvars(request_id="r1"):
        structlog.get_logger("own").info("hello", n=1)
        logging.getLogger("theirs").warning("hello %s", "you")

    own, theirs = lines(capsys)
    assert own["event"] == "hello"
    assert own["n"] == 1
    assert theirs["event"] == "hello you"
    assert {own["request_id"], theirs["request_id"]} == {"r1"}
    assert (own["logger"], theirs["logger"]) == ("own", "theirs")
    assert (own["level"], theirs["level"]) == ("info", "warning")
    assert str(own["timestamp"]).endswith("Z")


def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogSettings(level="WARNING"))

    structlog.get_logger("own").info("hello")
    logging.getLogger("theirs").info("hello")

    assert lines(capsys) == []


@pytest.mark.criterion("R77.4")
@pytest.mark.parametrize(
    "key", ["password", "db_password", "Authorization", "api-key", "access_token", "set-cookie"]
)
def test_values_of_secret_keys_are_masked(key: str) -> None:
    event = mask_secrets(None, "info", {key: "hunter2", "user": {key: "hunter2"}, "n": [{key: 1}]})

    assert event == {key: "***", "user": {key: "***"}, "n": [{key: "***"}]}


@pytest.mark.criterion("R77.4")
@pytest.mark.parametrize("key", ["tokens_used", "passwordless", "author", "secretary"])
def test_values_of_keys_that_only_resemble_secret_ones_are_kept(key: str) -> None:
    assert mask_secrets(None, "info", {key: "kept"}) == {key: "kept"}


@pytest.mark.criterion("R77.4")
@pytest.mark.parametrize("form", list(LogFormat))
def test_passwords_in_urls_are_masked(capsys: pytest.CaptureFixture[str], form: LogFormat) -> None:
    configure_logging(LogSettings(format=form))
    url = "postgresql://shop:{}@db/shop".format("hunter2")

    logging.getLogger("driver").error("cannot reach postgresql://shop:hunter2@db:5432/shop")
    try:
        raise ValueError(url)
    except ValueError:
        structlog.get_logger("own").exception("failed")

    written = capsys.readouterr().out
    assert "hunter2" not in written
    assert written.count("postgresql://shop:***@db") >= 2
    assert "ValueError" in written


@pytest.mark.criterion("R77.4")
def test_tracebacks_show_no_local_variables(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogSettings(format=LogFormat.CONSOLE))
    secret = "hunter" + "2"

    try:
        raise ValueError(f"{len(secret)} characters")
    except ValueError:
        structlog.get_logger("own").exception("failed")

    assert "hunter2" not in capsys.readouterr().out


def test_what_json_does_not_know_is_written_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogSettings())

    structlog.get_logger("own").info("hello", odd=object, error=ValueError("x"))

    assert lines(capsys)[0]["error"] == "x"


def test_a_line_is_one_line_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogSettings())
    path = '/a\n\r\x00\x1b[2J"}\\{"level":"error"}\ud800'

    structlog.get_logger("access").info("request", path=path)
    logging.getLogger("theirs").warning("hello %s", path)

    own, theirs = capsys.readouterr().out.split("\n")[:-1]
    assert json.loads(own)["path"] == path
    assert json.loads(theirs)["event"] == f"hello {path}"


@pytest.mark.parametrize("odd", [{"n": 2**64}, {"keys": {(1, 2): 3}}, {"text": "\ud800"}])
def test_what_orjson_refuses_is_written_all_the_same(
    capsys: pytest.CaptureFixture[str], odd: dict[str, object]
) -> None:
    configure_logging(LogSettings())

    structlog.get_logger("own").info("hello", **odd, password="hunter2")

    line = lines(capsys)[0]
    assert line["event"] == "hello"
    assert line["password"] == "***"
    assert line.keys() > odd.keys()


def test_a_terminal_does_not_obey_what_clients_send(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogSettings(format=LogFormat.CONSOLE))

    structlog.get_logger("access").info("request", path="/\x1b[2J\x07\x9b31m")
    logging.getLogger("theirs").warning("hello \x1b[2J\ud800")

    written = capsys.readouterr().out
    assert "/\\x1b[2J\\x07\\x9b31m" in written
    assert "hello \\x1b[2J\\ud800" in written
    assert not {"\x1b", "\x07", "\x9b"} & set(written)
