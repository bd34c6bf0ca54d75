import { createHash, randomInt } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** An id as AWS makes it: a name, and ten letters and digits that no other has. */
export function newId(name: string): string {
  return `${name}-${Array.from({ length: 10 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;
}

/** Such an id that is the same whenever it comes from the same seed. */
export function stableId(name: string, seed: string): string {
  const digest = createHash('sha256').update(seed).digest();
  return `${name}-${BigInt(`0x${digest.toString('hex')}`)
    .toString(36)
    .slice(0, 10)}`;
}
