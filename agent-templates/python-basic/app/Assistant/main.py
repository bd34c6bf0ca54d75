from bedrock_agentcore import BedrockAgentCoreApp

from assistant import reply

app = BedrockAgentCoreApp()


@app.entrypoint
def invoke(payload):
    """Streams the answer, or returns it whole if the payload has "stream": false."""
    prompt = payload.get("prompt")
    if not isinstance(prompt, str):
        raise ValueError('the payload needs a prompt, such as {"prompt": "12 * 7"}')
    words = reply(prompt)
    # The SDK streams the items of a generator.
    return words if payload.get("stream", True) else {"result": "".join(words)}


if __name__ == "__main__":
    # AgentCore calls the agent on port 8080.
    app.run()
