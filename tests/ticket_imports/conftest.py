"""Files to import, and the command as a person runs it."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "tickets"

MAPPING: dict[str, Any] = {
    "name": "small",
    "mode": "snapshot",
    "case_id": "id",
    "timestamp": "at",
    "timestamp_format": "iso",
    "fields": {
        "status": "status",
        "group": "team",
        "assignee": "who",
        "level": "level",
    },
    "actor": "who",
    "status_map": {
        "New": "new",
        "Work": "open",
        "Wait": "pending",
        "Done": "solved",
        "Shut": "closed",
        "?": "unknown",
    },
    "priority_from": {"field": "prio", "map": {"1": "urgent", "2": "low"}},
}
HEADER = "id,at,status,team,who,level,prio"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "var"
    settings.UPLOAD_DIR = tmp_path / "var" / "uploads"


@pytest.fixture
def log_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a CSV event log from rows of text."""

    def write(*rows: str, header: str = HEADER, name: str = "log.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([header, *rows]) + "\n")
        return path

    return write


@pytest.fixture
def mapping_file(tmp_path: Path) -> Callable[..., Path]:
    def write(**changes: Any) -> Path:
        path = tmp_path / "mapping.json"
        told = {**MAPPING, **changes}
        path.write_text(json.dumps({k: v for k, v in told.items() if v is not None}))
        return path

    return write


@pytest.fixture
def run_import(mapping_file: Callable[..., Path]) -> Callable[..., dict[str, Any]]:
    """Run the command with ``--json`` and return its report."""

    def run(path: Path, source: str = "small", **options: Any) -> dict[str, Any]:
        if not {"format", "mapping"} & options.keys():
            options["mapping"] = str(mapping_file())
        out = StringIO()
        call_command(
            "import_tickets",
            str(path),
            source=source,
            json=True,
            stdout=out,
            stderr=StringIO(),
            **options,
        )
        return json.loads(out.getvalue())

    return run


@pytest.fixture
def shared_data() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the reference data is not beside this checkout")
    return SHARED
