/** Variables by which an AWS SDK decides as whom it calls. */
const IDENTITY =
  /^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN|CREDENTIAL_.*|ACCOUNT_ID|(?:DEFAULT_)?PROFILE|ROLE_.*|WEB_IDENTITY_.*|CONTAINER_.*|BEARER_TOKEN_.*)$/;

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The developer's variables for an agent. Where its own settings say as whom it calls AWS, the
 * developer's do not: of the one's key with the other's token AWS takes neither.
 */
export function hostAwsVariables(host: Variables, own: Variables): Variables {
  if (!own['AWS_ACCESS_KEY_ID'] && !own['AWS_PROFILE']) return host;
  return Object.fromEntries(Object.entries(host).filter(([name]) => !IDENTITY.test(name)));
}
