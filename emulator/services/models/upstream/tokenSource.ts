import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { ModelError } from '../modelError.ts';
import type { UpstreamToken } from './tokenPool.ts';

/** The content of a token file or secret. */
const tokenList = z.strictObject({
  tokens: z.array(z.strictObject({ name: z.string().min(1), token: z.string().min(1) })).min(1),
});

const EXAMPLE = '{"tokens":[{"name":"first","token":"…"}]}';

const SECRET = /^secretsmanager:(.+)$/;

/** Reads tokens from a JSON file, or from a secret of Secrets Manager by `secretsmanager:ID`. */
export async function readTokens(source: string): Promise<UpstreamToken[]> {
  const secretId = SECRET.exec(source)?.[1];
  const text = await (secretId === undefined ? readTokenFile(source) : readSecret(secretId));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The error of JSON.parse quotes the text, which has secrets.
    throw new ModelError('invalid', `${source}: not JSON. Write ${EXAMPLE}.`);
  }
  const result = tokenList.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const field = issue?.path.join('.') || 'file';
    throw new ModelError('invalid', `${source}: ${field}: ${issue?.message}. Write ${EXAMPLE}.`);
  }
  const { tokens } = result.data;
  const repeated = tokens.find(
    ({ name }, index) => tokens.findIndex((other) => other.name === name) < index,
  );
  if (repeated) {
    throw new ModelError(
      'invalid',
      `${source}: two tokens are named '${repeated.name}'. Rename one.`,
    );
  }
  return tokens.map(({ name, token }) => ({ name, value: token }));
}

async function readTokenFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem = code === 'ENOENT' ? 'The file does not exist.' : `${message}.`;
    throw new ModelError('invalid', `${file}: ${problem} Check --model-tokens.`);
  }
}

async function readSecret(id: string): Promise<string> {
  const { GetSecretValueCommand, SecretsManagerClient } =
    await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient();
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
    if (SecretString === undefined) throw new Error('The secret is binary. Store JSON text.');
    return SecretString;
  } catch (error) {
    const { name, message } = error as Error;
    throw new ModelError('invalid', `secretsmanager:${id}: ${name}: ${message}`);
  } finally {
    client.destroy();
  }
}
