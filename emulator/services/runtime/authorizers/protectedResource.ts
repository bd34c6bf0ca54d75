import { randomUUID } from 'node:crypto';
import type { CustomJWTAuthorizerConfiguration } from '@aws-sdk/client-bedrock-agentcore-control';
import type { Route } from '../../../http/route.ts';
import type { RequestHead } from '../../../wire/credential.ts';
import { notFound } from '../../../wire/errors.ts';
import { decodeLabel } from '../../../wire/operationRouter.ts';
import { writeDocument } from '../../../wire/response.ts';
import type { Agents } from '../agents.ts';

const DISCOVERY = /\/\.well-known\/(?:openid-configuration|oauth-authorization-server)(?=\/|$)/;
const METADATA = '/.well-known/oauth-protected-resource';
const PATH = new RegExp(
  `^/runtimes/([^/?]+)/invocations${METADATA.replaceAll('.', '\\.')}(?:\\?(.*))?$`,
);

/** Serves the metadata that tells a client without a token where to get one (RFC 9728). */
export function createResourceMetadataRoute(agents: Pick<Agents, 'resolve'>): Route {
  return {
    matches: ({ method, path }) => method === 'GET' && PATH.test(path),
    handle({ headers, url: target = '/' }, response, { path }) {
      const [, label = '', search] = PATH.exec(path) ?? [];
      const qualifier = new URLSearchParams(search).get('qualifier') ?? undefined;
      const { agent } = agents.resolve(decodeLabel(label), qualifier);
      const authorizer = agent.source.authorizer?.customJWTAuthorizer;
      if (!authorizer) {
        throw notFound(`${agent.id} has no JWT authorizer, so it needs no token.`);
      }
      const metadata = buildResourceMetadata(authorizer, { headers, target }, label);
      writeDocument(metadata, response, randomUUID());
    },
  };
}

function buildResourceMetadata(
  { discoveryUrl = '', ...authorizer }: CustomJWTAuthorizerConfiguration,
  head: RequestHead,
  label: string,
): Record<string, unknown> {
  const scopes = advertisedScopes(authorizer);
  return {
    resource: invocationsUrl(head, label),
    // The path of the issuer can precede or follow the well-known one (RFC 8414).
    authorization_servers: [discoveryUrl.replace(DISCOVERY, '')],
    bearer_methods_supported: ['header'],
    ...(scopes.length > 0 && { scopes_supported: scopes }),
  };
}

/** Builds the WWW-Authenticate header of an error: the metadata's URL and the scopes to request. */
export function buildChallenge(
  authorizer: CustomJWTAuthorizerConfiguration,
  head: RequestHead,
  { label, qualifier }: { readonly label: string; readonly qualifier: string },
): string {
  const url = `${invocationsUrl(head, label)}${METADATA}?qualifier=${encodeURIComponent(qualifier)}`;
  const scopes = advertisedScopes(authorizer);
  const scope = scopes.length > 0 ? `, scope="${scopes.join(' ')}"` : '';
  return `Bearer resource_metadata="${url}"${scope}`;
}

function advertisedScopes({
  allowedScopes = [],
  advertisedScopeMapping = {},
}: Pick<CustomJWTAuthorizerConfiguration, 'allowedScopes' | 'advertisedScopeMapping'>): string[] {
  return allowedScopes.map((scope) => advertisedScopeMapping[scope] ?? scope);
}

// Uses the host and the base path of the client's own request: it may not reach others.
function invocationsUrl({ headers, target }: RequestHead, label: string): string {
  const host = headers[':authority']?.toString() ?? headers.host ?? 'localhost';
  const basePath = /^\/@[^/?]*/.exec(target)?.[0] ?? '';
  return `http://${host}${basePath}/runtimes/${label}/invocations`;
}
