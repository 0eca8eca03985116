"""Uses sys.monitoring itself."""
import sys

lines = []
monitoring = sys.monitoring
monitoring.use_tool_id(0, "other")
monitoring.register_callback(0, monitoring.events.LINE, lambda code, line: lines.append(line))


def work(n):
    for i in range(n):
        x = i  # counted


work(3)
monitoring.set_events(0, monitoring.events.LINE)
work(5)
monitoring.set_events(0, 0)
monitoring.restart_events()
work(2)
print(len(lines))
