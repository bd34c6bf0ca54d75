import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Loadable } from '../../src/shared/loadable.ts';
import type { Tool } from '../../src/shared/tools.ts';
import { LoadableView } from '../targets/loadableView.tsx';
import { ToolForm } from './toolForm.tsx';

/** The tools of an MCP agent, loaded on demand, and the form of the selected one. */
export function ToolPanel({
  tools,
  canSend,
  onList,
  onSend,
}: {
  readonly tools: Loadable<readonly Tool[]>;
  readonly canSend: boolean;
  readonly onList: () => void;
  readonly onSend: (prompt: string) => void;
}): JSX.Element {
  const [selected, setSelected] = useState<string | null>(null);
  const loaded = tools.state === 'loaded' ? tools.value : [];
  const tool = loaded.find(({ name }) => name === selected) ?? loaded[0];
  return (
    <section class="notice tools" aria-label="Tools">
      <div class="fields">
        {tool && (
          <label>
            Tool
            <select
              value={tool.name}
              onChange={({ currentTarget }) => setSelected(currentTarget.value)}
            >
              {loaded.map(({ name, title }) => (
                <option key={name} value={name}>
                  {title ?? name}
                </option>
              ))}
            </select>
          </label>
        )}
        <button
          type="button"
          class="outlined"
          disabled={!canSend || tools.state === 'loading'}
          onClick={onList}
        >
          {tool ? 'Refresh tools' : 'List tools'}
        </button>
        {tools.state === 'idle' && <p class="hint">Listing the tools starts the session.</p>}
        <LoadableView loadable={tools} pending="Loading tools…">
          {(list) => list.length === 0 && <p>The agent has no tools.</p>}
        </LoadableView>
      </div>
      {tool && (
        <ToolForm
          key={tool.name}
          tool={tool}
          canSend={canSend}
          onCall={(input) => onSend(`${tool.name} ${JSON.stringify(input)}`)}
        />
      )}
    </section>
  );
}
