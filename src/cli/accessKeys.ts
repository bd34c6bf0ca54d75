import { existsSync } from 'node:fs';
import type { AccessKey } from '../../emulator/wire/signature.ts';
import { UsageError } from './usage.ts';

/**
 * By which keys callers are to sign: all those of a file in the form of ~/.aws/credentials, else the
 * key of this environment. Never by an option of their own, which all users of a machine can see.
 */
export async function readAccessKeys(
  file: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<AccessKey[]> {
  if (file === undefined) {
    const key = keyOf({
      id: environment['AWS_ACCESS_KEY_ID'],
      secret: environment['AWS_SECRET_ACCESS_KEY'],
      sessionToken: environment['AWS_SESSION_TOKEN'],
    });
    if (key) return [key];
    throw new UsageError(
      '--auth sigv4 wants keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a file of them with --credentials FILE',
    );
  }
  if (!existsSync(file)) throw new UsageError(`--credentials: there is no file ${file}`);
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const { credentialsFile } = await loadSharedConfigFiles({
    filepath: file,
    configFilepath: file,
    ignoreCache: true,
  });
  const keys = Object.values(credentialsFile).flatMap((profile) => {
    const key = keyOf({
      id: profile['aws_access_key_id'],
      secret: profile['aws_secret_access_key'],
      sessionToken: profile['aws_session_token'],
    });
    return key ? [key] : [];
  });
  if (keys.length > 0) return keys;
  throw new UsageError(
    `--credentials: ${file} has no profile with aws_access_key_id and aws_secret_access_key, as ~/.aws/credentials has them`,
  );
}

function keyOf({ id, secret, sessionToken }: { [Part in keyof AccessKey]: string | undefined }) {
  if (!id || !secret) return null;
  return { id, secret, sessionToken: sessionToken === '' ? undefined : sessionToken };
}
