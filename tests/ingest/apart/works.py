"""Work that goes wrong in every way, for processes apart."""

import os
import signal
import sys
import time

_count = 0


def answer(text: str) -> bytes:
    return text.encode()


def count() -> bytes:
    global _count
    _count += 1
    return str(_count).encode()


def chatter() -> bytes:
    print("this goes nowhere", flush=True)
    print("nor this", file=sys.stderr, flush=True)
    os.write(1, b"nor that")
    return b"said"


def secrets() -> bytes:
    return ",".join(name for name in os.environ if name.startswith("KETNGHIA_")).encode()


def raise_panic() -> bytes:
    class Panic(BaseException):
        pass

    raise Panic("dẫm phải gai")


def eat_memory() -> bytes:
    return b"".join(bytes(10_000_000) for _ in range(10_000))


def compute() -> bytes:
    while True:
        pass


def compute_for(seconds: float) -> bytes:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return b"computed"


def idle() -> bytes:
    while True:
        time.sleep(1)


def end_by(number: int) -> bytes:
    os.kill(os.getpid(), number)
    time.sleep(60)
    return b""


def end_server() -> bytes:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)
    return b""


def length(content: bytes) -> bytes:
    return str(len(content)).encode()


def stop_server() -> bytes:
    os.kill(os.getppid(), signal.SIGSTOP)
    return b"done, and nobody says so"


def exit_at_once() -> bytes:
    os._exit(0)


def much(size: int) -> bytes:
    return b"x" * size
