// Writes docs/fidelity.md from the emulator's response to GET /_emulator/operations.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { format, resolveConfig } from 'prettier';
import { lockedNode, root, sample } from './setup.mjs';

/** @typedef {{ name: string, plane: string, method: string, path: string, status: string,
 *   lacks: string | null }} Row */

const emulator = spawn(
  lockedNode(),
  [join(root, 'dist', 'agentcore-emulator.js'), sample, '--port', '0', '--ephemeral'],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const [line] = await once(createInterface({ input: emulator.stdout }), 'line');
const response = await fetch(`${JSON.parse(line).url}/_emulator/operations`);
const { operations, loosenings } =
  /** @type {{ operations: Row[], loosenings: Record<'structure' | 'member' | 'demand' | 'why', string>[] }} */ (
    await response.json()
  );
emulator.kill('SIGTERM');

const words = { emulated: 'emulated', partly: 'partly', not: '501' };
const count = (/** @type {string} */ status) =>
  operations.filter((operation) => operation.status === status).length;

const file = join(root, 'docs', 'fidelity.md');
const text = `# What is emulated

Made by \`npm run generate\` from the emulator's own table, which also answers
\`GET /_emulator/operations\`. Of ${operations.length} operations ${count('emulated')} are emulated, ${count('partly')} partly; the others answer
501 \`NotImplemented\` with their name, and never a faked success.

Whatever AWS's model demands of an emulated operation's input is demanded here, except:

${loosenings.map(({ structure, member, demand, why }) => `- the ${demand} of \`${structure}.${member}\`: ${why}.`).join('\n')}

| operation | plane | path | status | lacks |
| --- | --- | --- | --- | --- |
${operations
  .toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
  .map(
    ({ name, plane, method, path, status, lacks }) =>
      `| ${name} | ${plane} | \`${method} ${path}\` | ${words[/** @type {keyof typeof words} */ (status)]} | ${lacks ?? ''} |`,
  )
  .join('\n')}
`;
writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
process.stderr.write(`Wrote ${file}\n`);

/** @param {Row} row */
function rank({ status }) {
  return Object.keys(words).indexOf(status);
}
