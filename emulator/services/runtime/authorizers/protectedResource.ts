import type { CustomJWTAuthorizerConfiguration } from '@aws-sdk/client-bedrock-agentcore-control';
import type { Visit } from '../../../wire/credential.ts';

const DISCOVERY = '/.well-known/openid-configuration';
const METADATA = '/.well-known/oauth-protected-resource';
const PATH = new RegExp(
  `^/runtimes/([^/?]+)/invocations${METADATA.replaceAll('.', '\\.')}(?:\\?(.*))?$`,
);

/** Which runtime a path asks for the metadata of, as it is written there; undefined for other paths. */
export function readMetadataPath(
  path: string,
): { readonly label: string; readonly query: URLSearchParams } | undefined {
  const [, label, query] = PATH.exec(path) ?? [];
  return label === undefined ? undefined : { label, query: new URLSearchParams(query) };
}

/** What a client without a token learns of where to get one, as RFC 9728 has it. */
export function resourceMetadata(
  { discoveryUrl = '', ...authorizer }: CustomJWTAuthorizerConfiguration,
  visit: Visit,
  label: string,
): Record<string, unknown> {
  const scopes = advertisedScopes(authorizer);
  return {
    resource: invocationsUrl(visit, label),
    authorization_servers: [discoveryUrl.slice(0, -DISCOVERY.length)],
    bearer_methods_supported: ['header'],
    ...(scopes.length > 0 && { scopes_supported: scopes }),
  };
}

/** The WWW-Authenticate of a refusal: where that metadata is, and for what scopes to ask. */
export function challenge(
  authorizer: CustomJWTAuthorizerConfiguration,
  visit: Visit,
  { label, qualifier }: { readonly label: string; readonly qualifier: string },
): string {
  const url = `${invocationsUrl(visit, label)}${METADATA}?qualifier=${encodeURIComponent(qualifier)}`;
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

// Under the name and the base path by which the client has just come: others may not be open to it.
function invocationsUrl({ headers, target }: Visit, label: string): string {
  const host = headers[':authority']?.toString() ?? headers.host ?? 'localhost';
  const basePath = /^\/@[^/?]*/.exec(target)?.[0] ?? '';
  return `http://${host}${basePath}/runtimes/${label}/invocations`;
}
