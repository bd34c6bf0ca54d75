"""Runs a program as opentelemetry-instrument does, which would start a process of its own for it.

That one would load OpenTelemetry's sitecustomize in the place of ours, and the agent would listen on
the contract's port itself.
"""

import os
import runpy
import sys

program = sys.argv[1]
sys.argv = sys.argv[1:]
# Of a program Python looks for modules in its folder, and not in this one.
sys.path[0] = os.path.dirname(os.path.abspath(program))

try:
    from opentelemetry.instrumentation.auto_instrumentation import initialize
except ImportError as error:
    print(
        f"opentelemetry-instrument does not run ({error}): without aws-opentelemetry-distro among"
        f" its packages {program} runs without it. In AWS it would not start.",
        file=sys.stderr,
    )
else:
    initialize()

runpy.run_path(program, run_name="__main__")
