"""Waiting for SQLite's one writer.

SQLite's own waiters sleep 1, 2, 5, 10 and so on up to 100 ms between two looks (sqlite3.c,
sqliteDefaultBusyCallback). Whoever just misses a writer of 10 ms waits for 18, and whoever has waited longest
looks most seldom, so may starve. Here all look equally often, and of each process one alone.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from typing import Any

PATIENCE_MS = 20_000
"""In a storm one may wait long while none has to fail."""

LOOK = 0.001
"""Seconds between two looks."""


class Writers:
    """Those of one process who want to write to one database."""

    def __init__(self) -> None:
        self._first = threading.Lock()

    def begin(self, connection: Any) -> None:
        """Begin a transaction that writes, as soon as nobody else writes.

        Args:
            connection: of SQLAlchemy.

        Raises:
            OperationalError: others wrote all the time, or the database cannot be used.
        """
        driver = connection.connection.driver_connection
        until = time.monotonic() + PATIENCE_MS / 1000
        be_patient(driver, 0)
        try:
            first = self._first.acquire(timeout=PATIENCE_MS / 1000)
            try:
                while not _begins(driver):
                    if time.monotonic() > until:
                        connection.exec_driver_sql("BEGIN IMMEDIATE")  # says why not
                        return
                    time.sleep(LOOK)
            finally:
                if first:
                    self._first.release()
        finally:
            be_patient(driver)


def be_patient(driver: sqlite3.Connection, milliseconds: int = PATIENCE_MS) -> None:
    """Say how long statements wait for others, in SQLite's own way."""
    driver.execute(f"PRAGMA busy_timeout = {milliseconds}")


def _begins(driver: sqlite3.Connection) -> bool:
    """Begin, if nobody else writes."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:  # the rest of the code says why it is busy
            raise
        return False
    return True
