/** The one that was used last first. */
export function byLastUse(
  a: { readonly updatedAt: number },
  b: { readonly updatedAt: number },
): number {
  return b.updatedAt - a.updatedAt;
}
