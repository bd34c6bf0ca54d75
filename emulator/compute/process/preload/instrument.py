"""Runs a program with OpenTelemetry, like opentelemetry-instrument.

opentelemetry-instrument would start a new process with OpenTelemetry's sitecustomize instead of ours,
and the agent would listen on the contract's port itself.
"""

import os
import runpy
import sys

program = sys.argv[1]
sys.argv = sys.argv[1:]
# Python looks for modules in the program's folder, not in this one.
sys.path[0] = os.path.dirname(os.path.abspath(program))

try:
    from opentelemetry.instrumentation.auto_instrumentation import initialize
except ImportError as error:
    print(
        f"{program} runs without OpenTelemetry ({error}). In AWS it would not start."
        " Add aws-opentelemetry-distro to its packages.",
        file=sys.stderr,
    )
else:
    initialize()

runpy.run_path(program, run_name="__main__")
