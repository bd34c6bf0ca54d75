import { existsSync } from 'node:fs';
import type { AccessKey } from '../../emulator/index.ts';
import { UsageError } from './usageError.ts';

/**
 * Reads the keys that callers must sign with: those of a file in the format of ~/.aws/credentials,
 * otherwise the key in the environment. There is no option for a key itself: all users of a machine
 * can see the command lines of its processes.
 */
export async function readAccessKeys(
  file: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<AccessKey[]> {
  if (file === undefined) {
    const key = toKey({
      id: environment['AWS_ACCESS_KEY_ID'],
      secret: environment['AWS_SECRET_ACCESS_KEY'],
      sessionToken: environment['AWS_SESSION_TOKEN'],
    });
    if (key) return [key];
    throw new UsageError(
      '--auth sigv4 requires a key. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass a credentials file with --credentials FILE.',
    );
  }
  if (!existsSync(file)) throw new UsageError(`--credentials: ${file} does not exist.`);
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const { credentialsFile } = await loadSharedConfigFiles({
    filepath: file,
    configFilepath: file,
    ignoreCache: true,
  });
  const keys = Object.values(credentialsFile).flatMap((profile) => {
    const key = toKey({
      id: profile['aws_access_key_id'],
      secret: profile['aws_secret_access_key'],
      sessionToken: profile['aws_session_token'],
    });
    return key ? [key] : [];
  });
  if (keys.length > 0) return keys;
  throw new UsageError(
    `--credentials: ${file} has no profile with aws_access_key_id and aws_secret_access_key.`,
  );
}

function toKey({ id, secret, sessionToken }: { [Part in keyof AccessKey]: string | undefined }) {
  if (!id || !secret) return null;
  return { id, secret, sessionToken: sessionToken === '' ? undefined : sessionToken };
}
