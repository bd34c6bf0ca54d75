import type { JSX } from 'preact';

/** SVG paths on a 16 × 16 grid. The button around an icon carries its label. */
const shapes = {
  send: 'M8 13V3.5M3.8 7.7 8 3.5l4.2 4.2',
  stop: 'M4.5 4.5h7v7h-7z',
  plus: 'M8 3v10M3 8h10',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  insert: 'M3 2.5v11M13.5 8h-7M9.3 4.8 6.1 8l3.2 3.2',
  open: 'M7 3.5H3.5v9h9V9M9.5 2.5h4v4M13.2 2.8 7.5 8.5',
  done: 'm3 8.5 3.2 3.2L13 4.8',
  warning: 'M8 2 1.8 13.5h12.4L8 2zm0 4.6v3.2m0 1.7v.3',
  tool: 'M13.6 4.6 11 7.2 8.8 5l2.6-2.6a3.7 3.7 0 0 0-4.9 4.6l-4 4a1.5 1.5 0 0 0 2.2 2.2l4-4a3.7 3.7 0 0 0 4.9-4.6z',
  shield: 'M8 1.8 2.8 3.7v4c0 3.2 2.2 5.6 5.2 6.6 3-1 5.2-3.4 5.2-6.6v-4L8 1.8z',
  list: 'M2.5 4.5h2m-2 3.5h2m-2 3.5h2M7 4.5h6.5M7 8h6.5M7 11.5h6.5',
  edit: 'm3 13 .6-2.8 7-7 2.2 2.2-7 7L3 13z',
  remove: 'M3 4.5h10M6.3 4.3V2.8h3.4v1.5M4.3 4.7l.6 8.5h6.2l.6-8.5M6.8 7v3.8M9.2 7v3.8',
  retry: 'M13 8a5 5 0 1 1-1.5-3.6M13 2.2v2.6h-2.6',
  fork: 'M4.5 4.6v6.8M4.5 4.6a1.3 1.3 0 1 0 0-.1m0 8.2a1.3 1.3 0 1 0 0-.1M11.5 4.6a1.3 1.3 0 1 0 0-.1v1.8c0 2.4-7 1.4-7 4.4',
  raw: 'M1.5 8.5h2.8L6.4 3l3.2 10 2.1-4.5h2.8',
  close: 'm4 4 8 8m0-8-8 8',
  power: 'M8 2.5v5M4.8 4.6a4.7 4.7 0 1 0 6.4 0',
  cloud: 'M4.7 12.5a3 3 0 0 1-.3-6 3.8 3.8 0 0 1 7.3-.4 3.2 3.2 0 0 1-.2 6.4z',
  braces:
    'M6 2.5H5.2c-.9 0-1.4.6-1.4 1.5v2.3C3.8 7.4 3.3 8 2.3 8c1 0 1.5.6 1.5 1.7V12c0 .9.5 1.5 1.4 1.5H6m4-11h.8c.9 0 1.4.6 1.4 1.5v2.3c0 1.1.5 1.7 1.5 1.7-1 0-1.5.6-1.5 1.7V12c0 .9-.5 1.5-1.4 1.5H10',
  sliders:
    'M2 5h4.4M10 5h4M2 11h2.2M7.8 11H14M10 5a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0zM7.8 11a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0z',
  clip: 'm12.8 7.4-5 5a3.2 3.2 0 0 1-4.5-4.5l5.6-5.6a2.1 2.1 0 0 1 3 3l-5.5 5.6a1 1 0 0 1-1.5-1.5l4.7-4.7',
  code: 'M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4',
  file: 'M9 2H4v12h8V5L9 2zm0 0v3h3',
  compare: 'M2.5 3h4.5v10H2.5zM9 3h4.5v10H9z',
  preview: 'M2 3h12v10H2zM2 6h12M4 4.5h.1M6 4.5h.1',
  chat: 'M2.5 3h11v8H8l-3 2.5V11H2.5z',
  down: 'M8 3v9.5M3.8 8.3 8 12.5l4.2-4.2',
} as const;

/** Name of an icon. */
export type IconName = keyof typeof shapes;

/** Decorative icon, hidden from screen readers. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  );
}
