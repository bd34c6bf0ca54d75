import { Fragment, type JSX } from 'preact';

/** Shows figures in a row that wraps between them. */
export function Figures({ figures }: { readonly figures: readonly string[] }): JSX.Element {
  return (
    <>
      {figures.map((figure, index) => (
        // The separator belongs to the figure before it, so that no line starts with one.
        <Fragment key={index}>
          <span class="figure">
            {figure}
            {index < figures.length - 1 && ' ·'}
          </span>{' '}
        </Fragment>
      ))}
    </>
  );
}
