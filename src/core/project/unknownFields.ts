/** What the official CLI's schema has in a runtime; of some we make nothing. */
const FIELDS = `additionalPolicies authorizerConfiguration authorizerType build buildContextPath
  capacityProviderConfiguration codeLocation connections customDockerBuildArgs description dockerfile
  endpoints entrypoint envVars executionRoleArn filesystemConfigurations instrumentation
  lifecycleConfiguration modelProvider name networkConfig networkMode protocol requestHeaderAllowlist
  runtimeVersion tags type`.split(/\s+/);

/** Says which fields of a runtime nobody knows: a misspelt one has no effect, here or in AWS. */
export function unknownFields(runtime: object): string[] {
  return Object.keys(runtime)
    .filter((name) => !FIELDS.includes(name))
    .map((name) => {
      const meant = FIELDS.find((field) => field.toLowerCase() === name.toLowerCase());
      return `unknown field ${name}${meant ? `; did you mean ${meant}?` : ', which has no effect'}`;
    });
}
