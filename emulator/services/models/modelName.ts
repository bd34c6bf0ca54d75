/**
 * Returns a model's ID without Bedrock's prefixes and version: `claude-sonnet-4-5-20250929` for
 * `us.anthropic.claude-sonnet-4-5-20250929-v1:0`.
 */
export function withoutProvider(model: string): string {
  return model
    .replace(/^arn:.*\//, '')
    .replace(/^(?:(?:us-gov|us|eu|apac|jp|au|ca|global)\.)?(?:[a-z0-9]+\.)?(?=[a-z])/, '')
    .replace(/(?:-v\d+)?(?::\d+\w*)*$/, '');
}

/** Returns the name that all versions of a model share, such as `claude-sonnet-4-5`. */
export function baseModelName(model: string): string {
  return withoutProvider(model).replace(/-(?:\d{8}|\d{4}-\d{2}-\d{2}|latest)$/, '');
}
