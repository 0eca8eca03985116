"""A WSGI application: each answer is the id of the process that made it and a sum that took a while."""
import os


def work():
    total = 0
    for _ in range(1000):
        total = (total * 31 + sum(range(2000))) % 1000003  # hot
    return total


def application(environ, start_response):
    body = b"%d %d\n" % (os.getpid(), work())
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
