"""The core is pure: a test of it that opens a connection fails. (A database is already refused without its mark.)"""

import socket

import pytest


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Make any outgoing connection an error."""

    def refuse(*_args, **_kwargs):
        pytest.fail("the core opened a network connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
