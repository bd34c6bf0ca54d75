import type { ComponentChildren, JSX } from 'preact';
import { useErrorBoundary } from 'preact/hooks';

/** Shows a fallback if its children cannot be rendered, so that the rest of the view remains. */
export function ErrorBoundary({
  fallback,
  children,
}: {
  readonly fallback: JSX.Element;
  readonly children: ComponentChildren;
}): JSX.Element {
  // A rendering error is a bug, so it is also logged.
  const [error] = useErrorBoundary((thrown) => console.error(thrown));
  return error === undefined ? <>{children}</> : fallback;
}
