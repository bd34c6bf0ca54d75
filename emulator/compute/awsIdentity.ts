/** Variables from which an AWS SDK takes its identity. */
const IDENTITY =
  /^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN|CREDENTIAL_.*|ACCOUNT_ID|(?:DEFAULT_)?PROFILE|ROLE_.*|WEB_IDENTITY_.*|CONTAINER_.*|BEARER_TOKEN_.*)$/;

/** Returns the sources of the developer's identity for agents without their own; no values. */
export function identitySources(host: Variables, hasAwsFolder: boolean): string[] {
  const names = Object.keys(host).filter((name) => host[name] && IDENTITY.test(name));
  return hasAwsFolder ? [...names, '~/.aws'] : names;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Returns the developer's variables for an agent. An agent with credentials or a profile of its own
 * gets none of the developer's identity, because AWS refuses one identity's key with another's token.
 */
export function hostAwsVariables(host: Variables, own: Variables): Variables {
  if (!own['AWS_ACCESS_KEY_ID'] && !own['AWS_PROFILE']) return host;
  return Object.fromEntries(Object.entries(host).filter(([name]) => !IDENTITY.test(name)));
}
