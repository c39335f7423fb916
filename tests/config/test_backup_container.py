"""A backup's archive can be opened by whoever holds shares: what is in it is not believed either."""

import io
import tarfile
from pathlib import Path

import pytest

from config.backup import container

ELSEWHERE = {"above": "../beside", "absolute": "/tmp/abroad", "link": "link"}  # noqa: S108


@pytest.mark.parametrize("way", ELSEWHERE)
def test_an_archive_writes_nothing_but_files_in_its_folder(tmp_path: Path, way: str) -> None:
    member = tarfile.TarInfo(ELSEWHERE[way])
    if way == "link":
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/hostname"
    whole, folder = io.BytesIO(), tmp_path / "in"
    with container.writing(whole, container.Manifest("main", "sqlite", "2026-03-02T09:30:00Z")) as archive:
        archive.addfile(member, io.BytesIO())
    whole.seek(0)
    folder.mkdir()
    with pytest.raises(container.NotABackup, match="no file of a backup"):
        container.unpack(whole, folder)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["in", container.MANIFEST]
