from bedrock_agentcore import BedrockAgentCoreApp

from assistant import reply

app = BedrockAgentCoreApp()


@app.entrypoint
def invoke(payload):
    """Answers word by word, or whole where the payload says "stream": false."""
    prompt = payload.get("prompt")
    if not isinstance(prompt, str):
        raise ValueError('the payload needs a prompt, such as {"prompt": "12 * 7"}')
    words = reply(prompt)
    # AgentCore streams what a generator yields.
    return words if payload.get("stream", True) else {"result": "".join(words)}


if __name__ == "__main__":
    # AgentCore expects an agent on port 8080.
    app.run()
