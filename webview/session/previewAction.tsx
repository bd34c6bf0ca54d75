import type { JSX } from 'preact';
import type { ChatState } from '../../src/shared/chat/state.ts';
import { onlyPort } from '../../src/shared/portRange.ts';
import type { ViewMessage } from '../../src/shared/schemas/viewMessage.ts';
import { IconButton } from '../iconButton.tsx';
import { Icon } from '../icons.tsx';
import { OpenPreview } from './openPreview.tsx';

/** Opens the page of the session's machine, or the panel in which the port is chosen. */
export function PreviewAction({
  chat: { session, hasEditor },
  post,
  choosePort,
}: {
  readonly chat: ChatState;
  readonly post: (message: ViewMessage) => void;
  readonly choosePort: (button: HTMLElement) => void;
}): JSX.Element | null {
  const pages = ('servers' in session && session.servers?.pages) || null;
  if (pages === null) return null;
  const port = onlyPort(pages.ports);
  if (port === null) {
    return (
      <IconButton
        icon="preview"
        name="Open preview"
        title="Choose a port of the session’s machine and open its page"
        onClick={({ currentTarget }) => choosePort(currentTarget)}
      />
    );
  }
  return (
    <OpenPreview pages={pages} port={port} hasEditor={hasEditor} post={post} label="Open preview">
      <Icon name="preview" />
    </OpenPreview>
  );
}
