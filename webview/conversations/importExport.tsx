import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { ViewMessage } from '../../src/shared/schemas/viewMessage.ts';

/** Buttons that export and import conversations. */
export function ImportExport({
  canExport,
  canAct,
  post,
}: {
  /** True if the open conversation has messages. */
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
        title="Export the open conversation as readable text"
        disabled={!canAct || !canExport}
        onClick={() => post({ type: 'export', as: 'markdown' })}
      >
        Export as Markdown
      </button>
      <button
        type="button"
        class="outlined"
        title="Export the open conversation for a later import"
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
          // Reset, so that the same file can be chosen again.
          currentTarget.value = '';
        }}
      />
    </div>
  );
}
