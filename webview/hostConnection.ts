import type { FileMessage } from '../src/shared/chat/hostMessage.ts';
import type { ViewMessage } from '../src/shared/chat/viewMessage.ts';
import type { SavedViewState } from './savedViewState.ts';
import type { ViewState } from './reducer.ts';

/** The way to the host, by messages of one kind, and a place to remember things. */
export interface HostConnection<Message = ViewMessage> {
  /** Whether there is a title bar around the view that offers what concerns the whole of it. */
  readonly hasTitleBar: boolean;
  post(message: Message): void;
  recall(): SavedViewState;
  remember(memories: SavedViewState): void;
  /** Leads to where agents are compared. */
  compare(): void;
}

/** What a view says of its own accord, whatever it shows. */
interface Greeting {
  readonly type: 'ready';
}

/** What is heard beside the host. */
interface LinkEvent {
  readonly type: 'link';
  readonly link: ViewState['link'];
}

/** What is shown: the name of its host's socket. */
export type PageName = 'chat' | 'compare';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): SavedViewState | undefined;
  setState(memories: SavedViewState): void;
}

declare global {
  // VS Code's webviews have it, and nothing else does.
  var acquireVsCodeApi: (() => VsCodeApi) | undefined;
}

/** How long the page waits before it looks again whether the emulator is back. */
const RETRY_MILLISECONDS = 1000;

/** Connects a view to its host, in VS Code or on the emulator's page. */
export function connect(
  shown: PageName,
  onEvent: (event: unknown) => void,
): HostConnection<unknown> {
  const vsCode = globalThis.acquireVsCodeApi?.();
  return vsCode ? overWebview(vsCode, onEvent) : overSocket(shown, onEvent);
}

function overWebview(
  vsCode: VsCodeApi,
  onEvent: (event: unknown) => void,
): HostConnection<unknown> {
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => onEvent(data));
  vsCode.postMessage({ type: 'ready' } satisfies Greeting);
  return {
    hasTitleBar: true,
    post: (message) => vsCode.postMessage(message),
    recall: () => vsCode.getState() ?? {},
    remember: (memories) => vsCode.setState(memories),
    compare: () => vsCode.postMessage({ type: 'compare' }),
  };
}

function overSocket(shown: PageName, onEvent: (event: unknown) => void): HostConnection<unknown> {
  // Beside the page: where that has a token as base path, so has this.
  const address = new URL(shown, location.href.replace(/^http/, 'ws'));
  let socket: WebSocket;

  function open(): void {
    socket = new WebSocket(address);
    socket.addEventListener('open', () => {
      onEvent({ type: 'link', link: 'open' } satisfies LinkEvent);
      socket.send(JSON.stringify({ type: 'ready' } satisfies Greeting));
    });
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as FileMessage | { readonly type: 'of the view' };
      if (event.type === 'file') download(event);
      else onEvent(event);
    });
    socket.addEventListener('close', () => {
      onEvent({ type: 'link', link: 'lost' } satisfies LinkEvent);
      setTimeout(open, RETRY_MILLISECONDS);
    });
  }

  open();
  return {
    hasTitleBar: false,
    post: (message) => socket.send(JSON.stringify(message)),
    recall: () => JSON.parse(sessionStorage.getItem(shown) ?? '{}') as SavedViewState,
    remember: (memories) => sessionStorage.setItem(shown, JSON.stringify(memories)),
    compare: () => location.assign('compare'),
  };
}

/** Gives a file to the browser, which puts it where its user wants downloads. */
function download({ name, mediaType, content }: FileMessage): void {
  const address = URL.createObjectURL(new Blob([content], { type: mediaType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
