"""An assistant without a model, so that it runs with no account, no key and no network.

Replace `answer` by a call of your model; everything around it stays as it is.
"""

import math
import os
import re
import time
from collections.abc import Iterator

# What this session was told. AgentCore gives each session a machine of its own, so a plain variable
# is the session's memory, and no other session sees it.
facts: dict[str, str] = {}
turns = 0


def reply(prompt: str) -> Iterator[str]:
    """Answers a prompt, a word at a time."""
    global turns
    turns += 1
    for word in re.split(r"(?<=\s)", answer(prompt.strip())):
        yield word
        time.sleep(0.02)


def answer(prompt: str) -> str:
    told = re.fullmatch(r"remember (?:that )?(.+?) (?:is|are) (.+?)\.?", prompt, re.IGNORECASE)
    if told:
        facts[told[1].lower()] = told[2]
        return f"I will remember that {told[1]} is {told[2]}, for as long as this session lives."

    asked = re.fullmatch(r"what(?:'s| is| are) (.+?)\??", prompt, re.IGNORECASE)
    if asked and asked[1].lower() in facts:
        return f"You told me: {facts[asked[1].lower()]}."

    value = calculate(asked[1] if asked else prompt)
    if value is not None:
        return f"That is {value}."

    if re.search(r"\b(turn|session|machine|process)\b", prompt, re.IGNORECASE):
        return (
            f"This is turn {turns} of this session, on a machine of its own: process {os.getpid()}."
        )
    return (
        f"You said: “{prompt}”. I have no model yet. I can remember "
        '("remember my city is Turin", "what is my city?"), calculate ("12 * 7") and tell which '
        "turn of the session this is. Give me a model in app/Assistant/assistant.py."
    )


def calculate(text: str) -> float | None:
    """The value of one operation on two numbers, if the text is one."""
    number = r"(-?\d+(?:\.\d+)?)"
    terms = re.fullmatch(rf"{number}\s*([-+*/])\s*{number}\s*=?", text)
    if not terms:
        return None
    a, operator, b = float(terms[1]), terms[2], float(terms[3])
    match operator:
        case "+":
            value = a + b
        case "-":
            value = a - b
        case "*":
            value = a * b
        case _:
            value = a / b if b else math.inf
    return int(value) if value.is_integer() else value
