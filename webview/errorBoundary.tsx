import type { ComponentChildren, JSX } from 'preact';
import { useErrorBoundary } from 'preact/hooks';

/** Shows something else in place of what cannot be drawn, so that all around it stands. */
export function ErrorBoundary({
  otherwise,
  children,
}: {
  readonly otherwise: JSX.Element;
  readonly children: ComponentChildren;
}): JSX.Element {
  // It is a bug of ours all the same, and the console is where one looks for those.
  const [error] = useErrorBoundary((why) => console.error(why));
  return error === undefined ? <>{children}</> : otherwise;
}
