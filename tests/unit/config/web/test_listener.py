import socket

from config.web.listener import listener


def test_connections_send_short_pieces_without_waiting_for_an_acknowledgement() -> None:
    with listener("127.0.0.1", 0) as server, socket.create_connection(server.getsockname()):
        connection, _ = server.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
