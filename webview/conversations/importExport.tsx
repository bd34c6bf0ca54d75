import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { ViewMessage } from '../../src/shared/chat/viewMessage.ts';

/** The ways of a conversation into a file and out of one. */
export function ImportExport({
  canExport,
  canAct,
  post,
}: {
  /** Whether there is anything in the open conversation. */
  readonly canExport: boolean;
  readonly canAct: boolean;
  readonly post: (message: ViewMessage) => void;
}): JSX.Element {
  const file = useRef<HTMLInputElement>(null);
  return (
    <div class="buttons">
      <button
        type="button"
        class="outlined"
        title="The open conversation, to be read by people"
        disabled={!canAct || !canExport}
        onClick={() => post({ type: 'export', as: 'markdown' })}
      >
        Export as Markdown
      </button>
      <button
        type="button"
        class="outlined"
        title="The open conversation, to be imported again"
        disabled={!canAct || !canExport}
        onClick={() => post({ type: 'export', as: 'json' })}
      >
        Export as JSON
      </button>
      <button
        type="button"
        class="outlined"
        title="Open a conversation that was exported as JSON"
        disabled={!canAct}
        onClick={() => file.current!.click()}
      >
        Import…
      </button>
      <input
        ref={file}
        type="file"
        hidden
        aria-label="File to import"
        accept=".json,application/json"
        onChange={({ currentTarget }) => {
          const [chosen] = currentTarget.files ?? [];
          void chosen?.text().then((content) => post({ type: 'import', content }));
          // The same file may be chosen again.
          currentTarget.value = '';
        }}
      />
    </div>
  );
}
