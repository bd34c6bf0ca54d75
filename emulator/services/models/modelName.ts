/**
 * Returns the name of a model without its provider, Region, date and version: `claude-sonnet-4-5` for
 * `us.anthropic.claude-sonnet-4-5-20250929-v1:0`.
 */
export function baseModelName(model: string): string {
  return model
    .replace(/^arn:.*\//, '')
    .replace(/^(?:(?:us-gov|us|eu|apac|jp|au|ca|global)\.)?(?:[a-z0-9]+\.)?(?=[a-z])/, '')
    .replace(/(?:-v\d+)?(?::\d+\w*)*$/, '')
    .replace(/-(?:\d{8}|\d{4}-\d{2}-\d{2}|latest)$/, '');
}
