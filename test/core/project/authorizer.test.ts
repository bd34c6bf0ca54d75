import { expect, test } from 'vitest';
import { readProject } from '../../../src/core/project/project.ts';
import { project, useProject } from '../../support/project.ts';

const discoveryUrl = 'https://id.example/.well-known/openid-configuration';

function useAuthorizer(authorizer: object): Promise<string> {
  return useProject({
    ...project,
    runtimes: [
      {
        ...project.runtimes[0],
        authorizerType: 'CUSTOM_JWT',
        authorizerConfiguration: { customJwtAuthorizer: { discoveryUrl, ...authorizer } },
      },
    ],
  });
}

test.for([
  [{ allowedScopes: ['läsen✓'] }, /allowedScopes.*ASCII/s],
  [{ allowedScopes: ['two words'] }, /allowedScopes.*ASCII/s],
  [{ allowedScopes: ['read'], advertisedScopeMapping: { read: 'a"b' } }, /Mapping.*ASCII/s],
  [{ allowedScopes: ['read'], advertisedScopeMapping: { 'a b': 'read' } }, /Mapping.*ASCII/s],
] as const)('Scopes that a header cannot carry are rejected: %j', async ([scopes, message]) => {
  await expect(readProject(await useAuthorizer(scopes))).rejects.toThrow(message);
});

test('An authorizer that accepts every token is rejected.', async () => {
  await expect(readProject(await useAuthorizer({}))).rejects.toThrow(
    /customJwtAuthorizer: \{.*\} accepts every token\. Add allowedAudience/,
  );
});

test.for([
  'https://id.example/.well-known/openid-configuration/tenant',
  'https://id.example/.well-known/oauth-authorization-server',
  'https://id.example/.well-known/oauth-authorization-server/tenant',
])('The discovery URL %s is accepted.', async (discoveryUrl) => {
  const folder = await useAuthorizer({ discoveryUrl, allowedAudience: ['me'] });
  await expect(readProject(folder)).resolves.toBeDefined();
});

test('Another discovery URL is rejected with its forms.', async () => {
  const folder = await useAuthorizer({
    discoveryUrl: 'https://id.example/',
    allowedAudience: ['me'],
  });
  await expect(readProject(folder)).rejects.toThrow(
    /discoveryUrl.*\/\.well-known\/openid-configuration or \/\.well-known\/oauth-authorization-server/s,
  );
});
