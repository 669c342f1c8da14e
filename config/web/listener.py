"""The socket that all web processes accept from, and how many files they may open."""

import resource
import socket

BACKLOG = 2_048  # connections that the kernel holds until they are accepted
MOST_FILES = 65_536  # if there is no hard limit


def listener(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raise OSError if the address can't be listened on."""
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    server = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    # Its connections inherit it. Without it a short piece of an answer waits until the client has
    # acknowledged the one before, which many do 40 ms late.
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return server


def raise_file_limit() -> None:
    """Let this process, and those that it forks, open as many files as the hard limit allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft == resource.RLIM_INFINITY or soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def most_connections(asked: int) -> int:
    """Return `asked`, or fewer if there are too few files: a connection may open three."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(1, min(asked, (soft - 128) // 3))
