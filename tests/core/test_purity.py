"""The guard of these tests holds."""

import socket

import pytest


def test_a_connection_from_a_core_test_fails():
    with pytest.raises(pytest.fail.Exception), socket.socket() as outgoing:
        outgoing.connect(("127.0.0.1", 9))
    with pytest.raises(pytest.fail.Exception):
        socket.create_connection(("127.0.0.1", 9))
