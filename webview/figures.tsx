import type { JSX } from 'preact';
import type { Turn } from '../src/shared/chat/turn.ts';
import { inWords } from './parts/duration.ts';

/** How long an answer took and what it cost, as far as that is known. */
export function Figures({ turn }: { readonly turn: Turn }): JSX.Element | null {
  const { askedAt, firstAt, endedAt, usage } = turn;
  if (endedAt === null) return null;
  const figures: [title: string, figure: string][] = [];
  if (firstAt !== null) figures.push(['Time to the first word', inWords(firstAt - askedAt)]);
  figures.push(['Duration', inWords(endedAt - askedAt)]);
  if (usage?.inputTokens !== undefined) {
    figures.push(['Tokens read', `${usage.inputTokens.toLocaleString('en')} in`]);
  }
  if (usage?.outputTokens !== undefined) {
    figures.push(['Tokens written', `${usage.outputTokens.toLocaleString('en')} out`]);
  }
  if (usage?.costInDollars !== undefined) {
    figures.push(['Cost', `$${usage.costInDollars.toPrecision(2)}`]);
  }
  return (
    <dl class="figures">
      {figures.map(([title, figure]) => (
        <div key={title} title={title}>
          <dt class="unseen">{title}</dt>
          <dd>{figure}</dd>
        </div>
      ))}
    </dl>
  );
}
