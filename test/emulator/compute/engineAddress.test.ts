import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  engineAddresses,
  EngineNotFoundError,
  type EngineEnvironment,
} from '../../../emulator/compute/container/engineAddress.ts';

/** Inputs of the search for an engine. Only `files` exist. */
function places(
  environment: EngineEnvironment['environment'],
  {
    platform = 'linux',
    files = {},
  }: { platform?: NodeJS.Platform; files?: Record<string, object> } = {},
): unknown[] {
  const read = (file: string) => (file in files ? JSON.stringify(files[file]) : null);
  return engineAddresses({ platform, home: '/home/me', environment, read }).map(
    ({ place }) => place,
  );
}

const metaOf = (name: string) =>
  `/home/me/.docker/contexts/meta/${createHash('sha256').update(name).digest('hex')}/meta.json`;
const colima = { Endpoints: { docker: { Host: 'unix:///home/me/.colima/docker.sock' } } };

test('DOCKER_HOST precedes the current context, and both precede default sockets.', () => {
  const files = {
    '/home/me/.docker/config.json': { currentContext: 'colima' },
    [metaOf('colima')]: colima,
    [metaOf('other')]: { Endpoints: { docker: { Host: 'tcp://127.0.0.1:2375' } } },
  };
  expect(places({ DOCKER_HOST: 'unix:///mine.sock' }, { files })).toEqual([
    { socketPath: '/mine.sock' },
  ]);
  expect(places({}, { files })).toEqual([{ socketPath: '/home/me/.colima/docker.sock' }]);
  expect(places({ DOCKER_CONTEXT: 'other' }, { files })).toEqual([
    { host: '127.0.0.1', port: 2375 },
  ]);
  expect(places({ DOCKER_CONTEXT: 'default' }, { files }).length).toBeGreaterThan(3);
});

test.each([
  ['unix:///run/x.sock', { socketPath: '/run/x.sock' }],
  ['npipe:////./pipe/docker_engine', { socketPath: '//./pipe/docker_engine' }],
  ['tcp://localhost', { host: 'localhost', port: 2375 }],
  ['tcp://[::1]:99', { host: '::1', port: 99 }],
])('DOCKER_HOST=%s is accepted.', (host, place) => {
  expect(places({ DOCKER_HOST: host })).toEqual([place]);
});

test.each([
  [
    'tcp://10.0.0.5:2375',
    /an engine on another machine, where the emulator cannot reach session ports/,
  ],
  ['ssh://me@build', /an engine on another machine/],
  ['/var/run/docker.sock', /is not a valid engine address\. Use an address such as unix:/],
])('DOCKER_HOST=%s is rejected with a reason.', (host, why) => {
  expect(() => places({ DOCKER_HOST: host })).toThrow(EngineNotFoundError);
  expect(() => places({ DOCKER_HOST: host })).toThrow(why);
});

test('A current context that does not exist is an error.', () => {
  expect(() => places({ DOCKER_CONTEXT: 'gone' })).toThrow(
    /the docker context 'gone' does not exist/,
  );
});

test.each<[NodeJS.Platform, string[]]>([
  [
    'linux',
    [
      '/var/run/docker.sock',
      '/run/user/1/docker.sock',
      '/run/podman/podman.sock',
      '/run/user/1/podman/podman.sock',
      '/run/finch.sock',
      '/home/me/.colima/default/docker.sock',
    ],
  ],
  [
    'darwin',
    [
      '/var/run/docker.sock',
      '/home/me/.docker/run/docker.sock',
      '/home/me/.colima/default/docker.sock',
      '/Applications/Finch/lima/data/finch/sock/finch.sock',
    ],
  ],
  ['win32', ['//./pipe/docker_engine', '//./pipe/podman-machine-default']],
])(
  'On %s, the default sockets of Docker, Podman, Finch and Colima are tried.',
  (platform, sockets) => {
    const found = places({ XDG_RUNTIME_DIR: '/run/user/1' }, { platform });
    for (const socketPath of sockets) expect(found).toContainEqual({ socketPath });
  },
);
