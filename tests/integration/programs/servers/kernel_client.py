"""Runs a Jupyter kernel, with the words of its command line before the kernel's own, and a cell in it.

Prints the kernel's process id, waits for a line on standard input, and prints as JSON what the cell
printed and whether the kernel ended by itself when it was asked to.
"""
import json
import os
import sys

import jupyter_client
import jupyter_client.kernelspec

CELL = """total = 0
for _ in range(30000):
    total = (total * 31 + sum(range(2000))) % 1000003
print(total)
"""
SECONDS = 60


def main():
    argv = [*sys.argv[1:], "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    manager = jupyter_client.KernelManager()
    manager._kernel_spec = jupyter_client.kernelspec.KernelSpec(argv=argv, display_name="test")
    manager.start_kernel(stderr=sys.stderr)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=SECONDS)
    said = []

    def run(cell):
        done = client.execute_interactive(cell, timeout=SECONDS, output_hook=hear)
        assert done["content"]["status"] == "ok", done

    def hear(message):
        if message["msg_type"] == "stream":
            said.append(message["content"]["text"])

    run("import os; print(os.getpid())")
    print("".join(said).strip(), flush=True)
    sys.stdin.readline()
    said.clear()
    run(CELL)
    client.stop_channels()
    manager.request_shutdown()
    process = manager.provisioner.process
    process.wait(SECONDS)
    print(json.dumps({"said": "".join(said).strip(), "status": process.returncode}), flush=True)
    os._exit(0)  # the manager would end the kernel once more


if __name__ == "__main__":
    main()
