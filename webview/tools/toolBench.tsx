import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Asked } from '../../src/shared/targets.ts';
import type { Tool } from '../../src/shared/tools.ts';
import { AskedView } from '../targets/askedView.tsx';
import { ToolForm } from './toolForm.tsx';

/** The tools of an agent of MCP, listed on demand, and the form of the chosen one. */
export function ToolBench({
  tools,
  canSend,
  onList,
  onSend,
}: {
  readonly tools: Asked<readonly Tool[]>;
  readonly canSend: boolean;
  readonly onList: () => void;
  readonly onSend: (prompt: string) => void;
}): JSX.Element {
  const [chosen, setChosen] = useState<string | null>(null);
  const listed = tools.state === 'told' ? tools.value : [];
  const tool = listed.find(({ name }) => name === chosen) ?? listed[0];
  return (
    <section class="notice tools" aria-label="Tools">
      <div class="fields">
        {tool && (
          <label>
            Tool
            <select
              value={tool.name}
              onChange={({ currentTarget }) => setChosen(currentTarget.value)}
            >
              {listed.map(({ name, title }) => (
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
          disabled={!canSend || tools.state === 'asking'}
          onClick={onList}
        >
          {tool ? 'List again' : 'List its tools'}
        </button>
        {tools.state === 'unasked' && <p class="hint">The session begins with it.</p>}
        <AskedView asked={tools} pending="Asking for its tools…">
          {(told) => told.length === 0 && <p>The agent has no tools.</p>}
        </AskedView>
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
