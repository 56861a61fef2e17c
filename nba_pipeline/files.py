"""Where the files are that are no Python: beside the package in a checkout, in it when installed.

Belongs here: finding ``sql/``, ``dagster.yaml`` and ``workspace.yaml``. Does not belong
here: reading them, or files of one room (its package has them).
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
REPO_ROOT = _PACKAGE.parent
"""The checkout, where there is one."""


def folder_of(name: str) -> Path:
    """Folder of a file or folder that stands at the top of the repository.

    Raises:
        FileNotFoundError: neither the package nor the folder that it is in has it.
    """
    for folder in (_PACKAGE, REPO_ROOT):
        if (folder / name).exists():
            return folder
    raise FileNotFoundError(f"{name} is neither in {_PACKAGE} nor in {REPO_ROOT}")
