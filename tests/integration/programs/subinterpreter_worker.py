"""What subinterpreter.py runs in its subinterpreter."""
import time

end = time.thread_time() + 0.3
while time.thread_time() < end:
    sum(range(2000))  # inner
