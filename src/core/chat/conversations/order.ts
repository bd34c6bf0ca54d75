/** Orders conversations by last use, the most recent first. */
export function byLastUse(
  a: { readonly updatedAt: number },
  b: { readonly updatedAt: number },
): number {
  return b.updatedAt - a.updatedAt;
}
