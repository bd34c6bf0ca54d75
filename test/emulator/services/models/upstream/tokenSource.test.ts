import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTokens } from '../../../../../emulator/services/models/upstream/tokenSource.ts';
import { useFolder } from '../../../../support/agents.ts';

async function useTokenFile(text: string): Promise<string> {
  const file = join(await useFolder(), 'tokens.json');
  await writeFile(file, text);
  return file;
}

test('Tokens are read from a file.', async () => {
  const file = await useTokenFile('{"tokens":[{"name":"a","token":"secret"}]}');
  expect(await readTokens(file)).toEqual([{ name: 'a', value: 'secret' }]);
});

test.for([
  ['{"tokens": ["secret"]}', 'tokens.0: '],
  ['{"tokens": []}', 'tokens: '],
  ['secret', 'not JSON. Write {"tokens"'],
  [
    '{"tokens":[{"name":"a","token":"secret"},{"name":"a","token":"secret"}]}',
    "two tokens are named 'a'. Rename one.",
  ],
])('A file with %s is refused without showing its tokens.', async ([text, message]) => {
  const file = await useTokenFile(text!);
  const error = await readTokens(file).catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ kind: 'invalid', message: expect.stringContaining(message!) });
  expect((error as Error).message).not.toContain('secret');
});

test('A missing file is named.', async () => {
  await expect(readTokens('/nowhere/tokens.json')).rejects.toThrow(
    '/nowhere/tokens.json: The file does not exist. Check --model-tokens.',
  );
});
