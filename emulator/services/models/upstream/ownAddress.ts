import { isLoopback } from '../../../../src/shared/loopback.ts';
import { ModelError } from '../modelError.ts';

/**
 * Throws a ModelError if a provider's URL is the emulator's own address, where each call would cause another.
 * `setting` names what contains the URL.
 */
export function refuseOwnAddress(url: string | undefined, own: string, setting: string): void {
  const [called, self] = [URL.parse(url ?? ''), URL.parse(own)];
  if (!called || !self || called.port !== self.port) return;
  const hosts = [called.hostname, self.hostname];
  if (hosts[0] !== hosts[1] && !hosts.every(isLoopback)) return;
  throw new ModelError(
    'invalid',
    `${setting} is this emulator’s own address, so calls would never end. Use the provider's address.`,
  );
}
