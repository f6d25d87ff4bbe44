"""Groups of settings of one feature each: in core/settings.py, and in `.env.example`."""

import json
from collections.abc import Iterator

from apigen.ir.caching import CacheBackend
from apigen.ir.system import Compression, Files, System
from apigen.python.literals import text
from apigen.values import dataclass
from apigen.views.infrastructure.purging import purged_entities
from apigen.views.interface.compression import is_compressed
from apigen.views.interface.rate_limits import is_limited


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsGroup:
    """One group."""

    field: str
    type: str
    module: str
    """Of support, that has the type: `compression_settings`."""
    arguments: str
    """Of the type: what differs from its own defaults."""
    comment: tuple[str, ...]
    """Lines of `.env.example` before the variables."""
    lines: tuple[tuple[str, str], ...]
    """Variable and value."""


def settings_groups(system: System) -> tuple[SettingsGroup, ...]:
    """Return the groups of the features that are on, by name."""
    return tuple(sorted(_groups(system), key=lambda group: group.field))


def _groups(system: System) -> Iterator[SettingsGroup]:
    if is_limited(system):
        yield SettingsGroup(
            field="rate_limit",
            type="RateLimitSettings",
            module="rate_limit_settings",
            arguments="",
            comment=(
                "Whether requests are limited. Behind a proxy, uvicorn must trust it to know",
                "clients: FORWARDED_ALLOW_IPS is set in its own environment, not here.",
            ),
            lines=(("RATE_LIMIT__ENABLED", "true"),),
        )
    if is_compressed(system):
        yield _compression(system.api.compression or Compression())
    if purged_entities(system):
        yield SettingsGroup(
            field="purge",
            type="PurgeSettings",
            module="purge_settings",
            arguments="",
            comment=(
                "Rounds that remove for good what was deleted long ago; off where a schedule runs",
                "`python -m scripts.cli.commands db purge`.",
            ),
            lines=(
                ("PURGE__BACKGROUND", "true"),
                ("PURGE__EVERY_S", "3600.0"),
                ("PURGE__BATCH", "500"),
            ),
        )
    if system.has_tasks:
        yield _tasks(system)
    if system.files is not None:
        yield _files(system.files)
    if system.has_cache:
        yield _cache(system)


def _files(files: Files) -> SettingsGroup:
    arguments = [f"storage={text(files.storage)}"] if files.storage != "local" else []
    arguments += [f"bucket={text(files.bucket)}"] if files.bucket is not None else []
    names = ("ENDPOINT", "REGION", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "ACCOUNT", "ACCOUNT_KEY")
    return SettingsGroup(
        field="files",
        type="FileSettings",
        module="file_settings",
        arguments=", ".join(arguments),
        comment=(
            "Where uploaded files are kept: local (a folder, the same for every process), s3,",
            "azure or memory. Keys are needed where the machine has no identity of its own. Links",
            "to files end after so many seconds; the secret signs those that the project serves",
            "itself, and is kept in the folder unless it is given.",
        ),
        lines=(
            ("FILES__STORAGE", files.storage),
            ("FILES__FOLDER", "files"),
            ("FILES__BUCKET", files.bucket or ""),
            *((f"FILES__{name}", "") for name in names),
            ("FILES__LINK_TTL_S", "900"),
            ("FILES__LINK_SECRET", ""),
        ),
    )


def _cache(system: System) -> SettingsGroup:
    is_shared = system.cache is CacheBackend.REDIS
    prefix = system.app.package
    lines = [("CACHE__MAX_ENTRIES", "10000"), ("CACHE__MAX_BYTES", "67108864")]
    comment: tuple[str, ...]
    if is_shared:
        lines.append(("CACHE__PREFIX", prefix))
        comment = (
            "Where answers are kept for all processes there is nothing to say of their size. Keys",
            "begin with the prefix: deployments with databases of their own need another each.",
            "Without REDIS_URL each process keeps its own, of which others drop nothing: an answer",
            "may be as old as its time to live.",
        )
    else:
        comment = (
            "How much each process keeps of what it has answered. Others drop nothing of it: with",
            "several processes an answer may be as old as its time to live.",
        )
    return SettingsGroup(
        field="cache",
        type="SharedCacheSettings" if is_shared else "CacheSettings",
        module="cache_settings",
        arguments=f"prefix={text(prefix)}" if is_shared else "",
        comment=comment,
        lines=tuple(lines),
    )


def _compression(chosen: Compression) -> SettingsGroup:
    usual = {"zstd": 3, "br": 4, "gzip": 5}
    levels = dict(chosen.levels)
    arguments = [f"{name}_level={level}" for name, level in levels.items() if level != usual[name]]
    if chosen.threshold_bytes != Compression().threshold_bytes:
        arguments.append(f"threshold_bytes={chosen.threshold_bytes}")
    lines = [
        ("COMPRESSION__ENABLED", "true"),
        ("COMPRESSION__THRESHOLD_BYTES", str(chosen.threshold_bytes)),
        *(
            (f"COMPRESSION__{name.upper()}_LEVEL", str(levels.get(name, usual[name])))
            for name in chosen.algorithms
        ),
    ]
    comment = ["How answers are compressed; switch it off where a proxy does it."]
    if chosen.dictionary:
        comment.append("A dictionary is public: train it on answers that anybody may see.")
        lines.append(("COMPRESSION__DICTIONARY", "./answers.dictionary"))
    return SettingsGroup(
        field="compression",
        type="CompressionSettings",
        module="compression_settings",
        arguments=", ".join(arguments),
        comment=tuple(comment),
        lines=tuple(lines),
    )


_TASKS = (
    ("worker", "true"),
    ("concurrency", "4"),
    ("poll_s", "1.0"),
    ("lease_s", "60.0"),
    ("retention_s", "604800.0"),
    ("dead_retention_s", "2592000.0"),
)
"""What support has by default."""
_WEIGHTS = {"high": 4, "default": 2, "low": 1}
"""How often queues of these names have a turn beside others."""


def _tasks(system: System) -> SettingsGroup:
    queues = dict.fromkeys(task.queue for task in system.tasks)
    weights = {name: _WEIGHTS.get(name, _WEIGHTS["default"]) for name in queues}
    weights = {name: weights[name] for name in sorted(weights, key=lambda one: -weights[one])}
    source = "{" + ", ".join(f"{text(name)}: {weight}" for name, weight in weights.items()) + "}"
    return SettingsGroup(
        field="tasks",
        type="TaskSettings",
        module="task_settings",
        arguments=f"queues={source}",
        comment=(
            "How background tasks are done; durations in seconds. TASKS__QUEUES says how often",
            "each queue has a turn beside others, TASKS__SERVES which ones this process serves.",
        ),
        lines=(
            *((f"TASKS__{name.upper()}", value) for name, value in _TASKS),
            ("TASKS__QUEUES", json.dumps(weights)),
            ("TASKS__SERVES", json.dumps(list(weights))),
        ),
    )
