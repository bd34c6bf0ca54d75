import { expect, test } from 'vitest';
import { forwardedPageAddress, pageAddress } from '../../src/shared/chat/pageAddress.ts';

const pages = { token: 'abc', ports: [{ from: 9000, to: 9000 }] };

test.each([
  ['http://127.0.0.1:9310/@token', 'http://abc-9000.localhost:9310/'],
  ['http://localhost:9310/', 'http://abc-9000.localhost:9310/'],
  // A name below this one would not resolve.
  ['http://workstation:9310/@token', 'http://workstation:9310/~abc:9000/'],
])('at %s the page is %s', (base, page) => {
  expect(pageAddress(pages, 9000, new URL(base))).toBe(page);
});

test('the page is below the emulator’s URL where only its port is forwarded', () => {
  expect(forwardedPageAddress(pages, 9000, new URL('http://127.0.0.1:9310/@token'))).toBe(
    'http://127.0.0.1:9310/~abc:9000/',
  );
});
