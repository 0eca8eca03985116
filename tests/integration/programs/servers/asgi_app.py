"""The same as wsgi_app.py, as an ASGI application."""
import os


def work():
    total = 0
    for _ in range(1000):
        total = (total * 31 + sum(range(2000))) % 1000003  # hot
    return total


async def application(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b"%d %d\n" % (os.getpid(), work())
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
