import { expect, test } from 'vitest';
import { readProject } from '../../../src/core/project/project.ts';
import { project, useProject } from '../../support/project.ts';

test.for([
  [{ allowedScopes: ['läsen✓'] }, /allowedScopes.*ASCII/s],
  [{ allowedScopes: ['two words'] }, /allowedScopes.*ASCII/s],
  [{ allowedScopes: ['read'], advertisedScopeMapping: { read: 'a"b' } }, /Mapping.*ASCII/s],
] as const)('scopes that no header carries are refused: %j', async ([scopes, why]) => {
  const discoveryUrl = 'https://id.example/.well-known/openid-configuration';
  const root = await useProject({
    ...project,
    runtimes: [
      {
        ...project.runtimes[0],
        authorizerType: 'CUSTOM_JWT',
        authorizerConfiguration: { customJwtAuthorizer: { discoveryUrl, ...scopes } },
      },
    ],
  });
  await expect(readProject(root)).rejects.toThrow(why);
});
