import { createParser } from 'eventsource-parser';
import { ModelError, type ModelErrorKind } from '../modelError.ts';
import type { TokenOutcome, TokenPool, UpstreamToken } from './tokenPool.ts';

/** A provider's HTTP endpoint. */
export interface Upstream {
  /** For messages, such as `Ollama at http://127.0.0.1:11434`. */
  readonly name: string;
  /** Base URL without a slash at its end. */
  readonly url: string;
  /** The token pool. Each request uses one of its tokens. */
  readonly tokens: TokenPool | null;
  /** The token if there is no pool; null for a server that needs none. */
  readonly token: UpstreamToken | null;
  /** Headers that authenticate a request, and those that every request has. */
  headers(token: UpstreamToken | null): Readonly<Record<string, string>>;
  /** The fix to suggest if the server does not respond. */
  readonly unreachable: string;
}

/** A client that sends JSON and reads JSON or server-sent events. */
export interface UpstreamClient {
  /** Resolves with a successful response. Throws a ModelError otherwise. */
  post(path: string, body: object, signal: AbortSignal): Promise<UpstreamResponse>;
  /** Sends a request without a body and with a token. Null if the response does not show its state. */
  probe(path: string, token: UpstreamToken): Promise<TokenOutcome | null>;
}

export interface UpstreamResponse {
  json(): Promise<unknown>;
  /** The data of each event, until the end or `[DONE]`. */
  events(): AsyncGenerator<object>;
}

/** The timeout of a probe. */
const PROBE_MILLISECONDS = 10_000;

/** Time until an exhausted token is tried again if the provider sends no reset time. */
const DEFAULT_RESET_SECONDS = 60;

export function createUpstreamClient(upstream: Upstream): UpstreamClient {
  const { name, url, tokens } = upstream;

  async function request(
    path: string,
    token: UpstreamToken | null,
    init: RequestInit,
  ): Promise<Response> {
    try {
      return await fetch(`${url}${path}`, {
        ...init,
        // A redirect to another server would get the key in x-api-key too.
        redirect: 'error',
        headers: { 'content-type': 'application/json', ...upstream.headers(token) },
      });
    } catch (error) {
      // A provider that is too slow for a check is unreachable. Any other abort is the client's.
      if ((error as Error).name !== 'TimeoutError') init.signal?.throwIfAborted();
      const { cause, message } = error as Error;
      const why = cause instanceof Error ? cause.message : message;
      throw new ModelError(
        'unavailable',
        `${name} cannot be reached: ${why}. ${upstream.unreachable}`,
      );
    }
  }

  /** Sends a request with one token after another, until one is accepted. */
  async function post(path: string, body: string, signal: AbortSignal): Promise<Response> {
    for (;;) {
      const token = tokens ? await tokens.acquire(signal) : upstream.token;
      const response = await request(path, token, { method: 'POST', body, signal });
      const outcome = readOutcome(response);
      if (token) tokens?.report(token, outcome);
      if (response.ok) return response;
      if (!tokens || outcome.type === 'accepted') throw await readError(response, name, token);
      await response.body?.cancel();
    }
  }

  return {
    async post(path, body, signal) {
      const response = await post(path, JSON.stringify(body), signal);
      return {
        json: () => readJson(response, name),
        events: () => readEvents(response, name),
      };
    },
    async probe(path, token) {
      const response = await request(path, token, {
        signal: AbortSignal.timeout(PROBE_MILLISECONDS),
      });
      await response.body?.cancel();
      if (response.status >= 500) return null;
      return response.status === 403 ? rejected(response) : readOutcome(response);
    },
  };
}

async function readJson(response: Response, name: string): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw unreadable(name, text);
  }
}

/** A server that is not the expected one, such as a proxy with a page for its login, replies anything. */
function unreadable(name: string, text: string): ModelError {
  const start = JSON.stringify(text.slice(0, 100));
  return new ModelError(
    'modelError',
    `${name} sent a reply that is not JSON: ${start}. Check its URL.`,
  );
}

async function* readEvents(response: Response, name: string): AsyncGenerator<object> {
  const decoder = new TextDecoder();
  const received: string[] = [];
  // Piping through transform streams takes twice the CPU time for each event.
  const parser = createParser({ onEvent: ({ data }) => void received.push(data) });
  try {
    for await (const bytes of response.body!) {
      parser.feed(decoder.decode(bytes, { stream: true }));
      for (const data of received.splice(0)) {
        if (data === '[DONE]') return;
        yield parseEvent(data, name);
      }
    }
  } catch (error) {
    if (error instanceof ModelError || (error as Error).name === 'AbortError') throw error;
    throw new ModelError(
      'unavailable',
      `${name} ended its reply early: ${(error as Error).message}`,
    );
  }
}

function parseEvent(data: string, name: string): object {
  try {
    return JSON.parse(data) as object;
  } catch {
    throw unreadable(name, data);
  }
}

function rejected({ status }: Response): TokenOutcome {
  return { type: 'rejected', reason: `status ${status}` };
}

/** Status 403 rejects a request, such as one for a model that the account lacks. The token stays usable. */
function readOutcome(response: Response): TokenOutcome {
  const { status, headers } = response;
  if (status === 401) return rejected(response);
  if (status === 429) {
    const seconds = Number(headers.get('retry-after')) || DEFAULT_RESET_SECONDS;
    return { type: 'exhausted', seconds };
  }
  return { type: 'accepted', remaining: readRemaining(headers) };
}

/** Returns the share of a token limit that is left, from headers of Anthropic or OpenAI. */
function readRemaining(headers: Headers): number | null {
  for (const [limit, remaining] of [
    ['anthropic-ratelimit-tokens-limit', 'anthropic-ratelimit-tokens-remaining'],
    ['x-ratelimit-limit-tokens', 'x-ratelimit-remaining-tokens'],
  ] as const) {
    const part = Number(headers.get(remaining) ?? Number.NaN) / Number(headers.get(limit));
    if (Number.isFinite(part)) return part;
  }
  return null;
}

const KINDS: Readonly<Record<number, ModelErrorKind>> = {
  400: 'invalid',
  401: 'authentication',
  403: 'accessDenied',
  404: 'notFound',
  408: 'timeout',
  413: 'tooLarge',
  422: 'invalid',
  429: 'throttled',
};

async function readError(
  response: Response,
  name: string,
  token: UpstreamToken | null,
): Promise<ModelError> {
  const { status, headers } = response;
  const text = await response.text().catch(() => '');
  const message = withoutToken(readMessage(text) || `status ${status}`, token);
  const retryAfter = Number(headers.get('retry-after')) || undefined;
  const kind = KINDS[status] ?? (status >= 500 ? 'unavailable' : 'invalid');
  return new ModelError(kind, `${name}: ${message}`, retryAfter);
}

/** Redacts the token, which providers quote in their errors if it is invalid. */
function withoutToken(message: string, token: UpstreamToken | null): string {
  return token ? message.replaceAll(token.value, '[redacted]') : message;
}

const MAX_MESSAGE = 500;

/** Returns the message of an error in the format of Anthropic, OpenAI or Ollama. */
function readMessage(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: string | { message?: string } };
    return (typeof error === 'string' ? error : error?.message) ?? text.slice(0, MAX_MESSAGE);
  } catch {
    return text.slice(0, MAX_MESSAGE);
  }
}
