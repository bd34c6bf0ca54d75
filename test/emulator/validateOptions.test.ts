import { expect, test } from 'vitest';
import { createEmulator, OptionError, type EmulatorOptions } from '../../emulator/index.ts';

test.for<[EmulatorOptions['token'], EmulatorOptions['host']]>([
  ['', undefined],
  ['', '0.0.0.0'],
  ['a/b', undefined],
  ['a b', undefined],
  ['ä', undefined],
])('The token %j is rejected and not repeated in the message.', async ([token, host]) => {
  const starting = createEmulator({ agents: [], port: 0, token, host });
  await expect(starting).rejects.toThrow(
    new OptionError('token', 'Use one or more of the characters A-Z a-z 0-9 _ . ~ -'),
  );
});
