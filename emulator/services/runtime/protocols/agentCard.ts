import { randomUUID } from 'node:crypto';
import type { GetAgentCardRequest, GetAgentCardResponse } from '@aws-sdk/client-bedrock-agentcore';
import type { Clock } from '../../../clock.ts';
import { agentFailed, invalid } from '../../../wire/errors.ts';
import type { Call } from '../../../wire/handlers.ts';
import { headersToAgent } from '../agentHeaders.ts';
import type { Access } from '../authorizers/access.ts';
import { readTextPrefix, sendRequest } from '../agentConnection.ts';
import { startRequestDeadline } from '../requestDeadline.ts';
import { explainMissingResponse } from '../missingResponse.ts';
import type { Quotas } from '../../../quotas.ts';
import type { RuntimeSessions } from '../runtimeSessions.ts';

const PATH = '/.well-known/agent-card.json';

/** Longer cards are cut off and therefore invalid. */
const MAX_CARD_BYTES = 1_000_000;

/** Characters of an invalid card that are quoted. */
const QUOTED_CHARACTERS = 500;

type Card = NonNullable<GetAgentCardResponse['agentCard']>;

/** GetAgentCard: returns an A2A agent's card, from a session that is started for it. */
export function createGetAgentCard({
  access,
  sessions,
  clock,
  limits,
}: {
  access: Access;
  sessions: RuntimeSessions;
  clock: Clock;
  limits: Quotas;
}) {
  return async (input: GetAgentCardRequest, call: Call): Promise<GetAgentCardResponse> => {
    const endpoint = await access.admit(input, call, 'GetAgentCard');
    const { requestId, headers } = call;
    const { id, source } = endpoint.agent;
    if (source.protocol !== 'A2A') {
      throw invalid(
        `${id} has the protocol ${source.protocol}. Only A2A agents have an agent card.`,
      );
    }
    const session = await sessions.acquire(endpoint, input.runtimeSessionId ?? randomUUID(), call);
    const abort = new AbortController();
    const deadline = startRequestDeadline({
      clock,
      since: clock.now(),
      session,
      requestId,
      stop: () => abort.abort(),
    });
    deadline.setLimit(limits.request, 'a request');
    let outcome = 'no agent card';
    try {
      const answer = await sendRequest(session.connection(), {
        signal: abort.signal,
        method: 'GET',
        path: PATH,
        headers: headersToAgent(headers, session, requestId),
      });
      outcome = `returned status ${answer.status} for its agent card`;
      const agentCard = readCard(answer.status, await readTextPrefix(answer, MAX_CARD_BYTES));
      return { runtimeSessionId: session.id, statusCode: 200, agentCard };
    } catch (error) {
      const reason = deadline.reason();
      throw reason === null
        ? await explainMissingResponse(session, error)
        : agentFailed(`The agent returned no agent card: ${reason}.`);
    } finally {
      deadline.finish(outcome);
    }
  };
}

function readCard(status: number, body: string): Card {
  const quote =
    body === ''
      ? 'The response had no body.'
      : `The agent returned: ${body.slice(0, QUOTED_CHARACTERS)}`;
  if (status !== 200) {
    throw agentFailed(`Received error (${status}) from runtime for GET ${PATH}. ${quote}`);
  }
  try {
    return JSON.parse(body) as Card;
  } catch {
    throw agentFailed(`The agent’s response to GET ${PATH} is not JSON. ${quote}`);
  }
}
