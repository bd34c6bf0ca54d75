import { createHash, randomInt } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Creates an ID in AWS's format: a name and ten random letters and digits. */
export function newId(name: string): string {
  return `${name}-${Array.from({ length: 10 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;
}

/** Creates an ID in the same format that depends only on the name and seed. */
export function stableId(name: string, seed: string): string {
  const digest = createHash('sha256').update(seed).digest();
  return `${name}-${BigInt(`0x${digest.toString('hex')}`)
    .toString(36)
    .slice(0, 10)}`;
}
