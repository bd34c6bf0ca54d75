import type { ButtonHTMLAttributes, ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icons.tsx';

/** Button with an icon, an accessible name and a tooltip. */
export function IconButton({
  icon,
  name,
  title = name,
  children,
  ...attributes
}: Omit<ButtonHTMLAttributes, 'icon' | 'name' | 'title' | 'children' | 'ref'> & {
  readonly icon: IconName;
  readonly name: string;
  /** Tooltip, if it says more than the name. */
  readonly title?: string;
  /** Text beside the icon. */
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <button type="button" {...attributes} title={title} aria-label={name}>
      <Icon name={icon} />
      {children}
    </button>
  );
}
