import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { SessionPages, SessionServers } from '../../src/shared/chat/session.ts';
import { includesPort, onlyPort, type PortRange } from '../../src/shared/portRange.ts';
import type { ViewMessage } from '../../src/shared/schemas/viewMessage.ts';
import { Icon } from '../icons.tsx';
import { useCopy } from '../useCopy.ts';
import { OpenPreview } from './openPreview.tsx';

/** Opens the pages of the session's machine, or says why a browser cannot. */
export function SessionServersView({
  servers: { url, pages },
  hasEditor,
  post,
}: {
  readonly servers: SessionServers;
  readonly hasEditor: boolean;
  readonly post: (message: ViewMessage) => void;
}): JSX.Element {
  const { copied, copy } = useCopy(url);
  if (pages !== null) return <PortChoice pages={pages} hasEditor={hasEditor} post={post} />;
  return (
    <>
      <p class="hint">
        This session has an endpoint for servers in its machine. A browser cannot open it, because
        each request must be signed (SigV4) or carry a bearer token.
      </p>
      <div class="buttons">
        <button type="button" class="outlined" onClick={copy}>
          <Icon name={copied ? 'done' : 'copy'} />
          Copy session endpoint
        </button>
        <span class="visuallyHidden" role="status">
          {copied && 'Session endpoint copied.'}
        </span>
      </div>
    </>
  );
}

function PortChoice({
  pages,
  hasEditor,
  post,
}: {
  readonly pages: SessionPages;
  readonly hasEditor: boolean;
  readonly post: (message: ViewMessage) => void;
}): JSX.Element {
  const { ports } = pages;
  const only = onlyPort(ports);
  const [port, setPort] = useState(only ?? ports[0]!.from);
  const hint = useId();
  const isAllowed = includesPort(ports, port);
  return (
    <div class="buttons">
      {only === null && (
        <label class="port">
          Port
          <input
            type="number"
            value={port}
            min={Math.min(...ports.map(({ from }) => from))}
            max={Math.max(...ports.map(({ to }) => to))}
            aria-invalid={!isAllowed}
            aria-describedby={hint}
            onInput={({ currentTarget }) => setPort(currentTarget.valueAsNumber)}
          />
        </label>
      )}
      {isAllowed && (
        <OpenPreview pages={pages} port={port} hasEditor={hasEditor} post={post} class="outlined">
          <Icon name="preview" />
          Open preview
        </OpenPreview>
      )}
      {only === null && (
        <span id={hint} class="hint">
          Allowed: {ports.map(formatRange).join(', ')}
        </span>
      )}
    </div>
  );
}

function formatRange({ from, to }: PortRange): string {
  return from === to ? `${from}` : `${from} to ${to}`;
}
