import { createHash, createHmac } from 'node:crypto';

/** The signer's hash function, with Node's implementation. */
export class Sha256 {
  readonly #hash;
  constructor(secret?: ArrayBuffer | ArrayBufferView | string) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Uint8Array);
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}
