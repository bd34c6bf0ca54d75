/** A model backend, as `--model` names it. */
export type ModelSpec =
  | { readonly kind: 'offline' }
  /** Amazon Bedrock or Anthropic, with the developer's credentials. */
  | { readonly kind: 'bedrock'; readonly model: string | null }
  | { readonly kind: 'anthropic'; readonly model: string | null }
  | { readonly kind: 'ollama'; readonly model: string }
  /** An OpenAI-compatible server. */
  | { readonly kind: 'openai'; readonly url: string; readonly model: string | null }
  /** Recorded replies. */
  | { readonly kind: 'cassette'; readonly file: string }
  /** Records the replies of another backend in a cassette, each once. */
  | { readonly kind: 'record'; readonly file: string; readonly from: string };

/** The backend of agents for which no other was chosen. */
export const DEFAULT_MODEL = 'offline';

/** Completes a sentence such as "--model expects …". Without MODEL, the agent's own model is used. */
export const MODEL_SPEC_FORM =
  'offline, bedrock[:MODEL], anthropic[:MODEL], ollama:NAME, openai:URL[#MODEL], cassette:FILE or record:FILE=BACKEND';

/** The start of a URL: a host name or an IPv6 address in brackets, and perhaps a port. */
const HTTP_URL = /^https?:\/\/(?:\[[\da-fA-F:.]+\]|[^\s/#?[\]:@]+)(?::\d{1,5})?(?:[/#]|$)/;

/** Parses the name of a backend; returns undefined if it does not match MODEL_SPEC_FORM. */
export function parseModelSpec(text: string): ModelSpec | undefined {
  const [, kind = '', rest] = /^([a-z]+)(?::(.+))?$/.exec(text) ?? [];
  switch (kind) {
    case 'offline':
      return rest === undefined ? { kind } : undefined;
    case 'bedrock':
    case 'anthropic':
      return { kind, model: rest ?? null };
    case 'ollama':
      return rest === undefined ? undefined : { kind, model: rest };
    case 'openai': {
      if (rest === undefined || !HTTP_URL.test(rest)) return undefined;
      const [url = '', model] = rest.split('#', 2);
      return { kind, url: url.replace(/\/+$/, ''), model: model || null };
    }
    case 'cassette':
      return rest === undefined ? undefined : { kind, file: rest };
    case 'record': {
      const [, file = '', from = ''] = /^([^=]+)=(.+)$/.exec(rest ?? '') ?? [];
      const source = parseModelSpec(from)?.kind;
      if (source === undefined || source === 'record' || source === 'cassette') return undefined;
      return { kind, file, from };
    }
    default:
      return undefined;
  }
}
