"""An assistant without a model. It needs no account, no key and no network.

To use a model, replace the body of `answer`. The rest can stay as it is.
"""

import math
import os
import re
import time
from collections.abc import Iterator

# Facts from this session. AgentCore runs each session on its own machine, so a module variable belongs
# to one session.
facts: dict[str, str] = {}
turns = 0


def reply(prompt: str) -> Iterator[str]:
    """Streams the answer to a prompt word by word."""
    global turns
    turns += 1
    for word in re.split(r"(?<=\s)", answer(prompt.strip())):
        yield word
        time.sleep(0.02)


def answer(prompt: str) -> str:
    statement = re.fullmatch(r"remember (?:that )?(.+?) (?:is|are) (.+?)\.?", prompt, re.IGNORECASE)
    if statement:
        facts[statement[1].lower()] = statement[2]
        subject = re.sub(r"^my\b", "your", statement[1], flags=re.IGNORECASE)
        return f"I will remember until this session ends: {subject} is {statement[2]}."

    question = re.fullmatch(r"what(?:'s| is| are) (.+?)\??", prompt, re.IGNORECASE)
    if question and question[1].lower() in facts:
        return f"You told me: {facts[question[1].lower()]}."

    value = calculate(question[1] if question else prompt)
    if value is not None:
        return f"That is {value}."

    if re.search(r"\b(turn|session|machine|process)\b", prompt, re.IGNORECASE):
        return (
            f"This is turn {turns} of this session, which runs on its own machine (process {os.getpid()})."
        )
    return (
        f"You said: “{prompt}”. This sample has no model. Try “remember my city is Turin”, "
        "“what is my city?”, “12 * 7” or “which turn is this?”. "
        "To add a model, edit app/Assistant/assistant.py."
    )


def calculate(text: str) -> float | None:
    """Returns the result of an operation on two numbers, or None for any other text."""
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
