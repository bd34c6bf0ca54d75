import type { ComponentChildren, JSX } from 'preact';
import type { SessionPages } from '../../src/shared/chat/session.ts';
import { pageAddress } from '../../src/shared/chat/pageAddress.ts';
import type { ViewMessage } from '../../src/shared/schemas/viewMessage.ts';

/** Opens a page of the session's machine: beside the chat in VS Code, otherwise in a new tab. */
export function OpenPreview({
  pages,
  port,
  hasEditor,
  post,
  label,
  class: className,
  children,
}: {
  readonly pages: SessionPages;
  readonly port: number;
  readonly hasEditor: boolean;
  readonly post: (message: ViewMessage) => void;
  /** The accessible name, if the content is an icon. */
  readonly label?: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const shared = {
    class: className ?? '',
    title: `Open the page at port ${port} of the session’s machine`,
    ...(label !== undefined && { 'aria-label': label }),
  };
  if (hasEditor) {
    return (
      <button type="button" {...shared} onClick={() => post({ type: 'openPreview', port })}>
        {children}
      </button>
    );
  }
  return (
    <a
      {...shared}
      class={`button ${shared.class}`}
      href={pageAddress(pages, port, location)}
      target="_blank"
      rel="noopener noreferrer"
    >
      {children}
    </a>
  );
}
